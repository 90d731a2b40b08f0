/*
 * pw_cast_<from>_<to>. Reals become integers by truncation; what the integer cannot hold becomes
 * the nearest that it can, and NaN becomes 0, on every device. Integers wrap around. Numbers get
 * the imaginary part 0. There is no cast from complex to real.
 */
#ifdef __OPENCL_VERSION__
#define PW_COMPLEX(type, a, b) ((pw_##type)((a), (b)))
#else
#define PW_COMPLEX(type, a, b) ((pw_##type){(a), (b)})
#endif

#define PW_CAST(from, to)                                                                          \
	PW pw_##to pw_cast_##from##_##to(pw_##from x) { return (pw_##to)x; }
#define PW_CAST_CUT(from, to, lowest, above, highest)                                              \
	PW pw_##to pw_cast_##from##_##to(pw_##from x)                                              \
	{                                                                                          \
		int low = x <= (pw_##from)(lowest), high = x >= (pw_##from)(above);                \
		pw_##to y = (pw_##to)(low || high || x != x ? (pw_##from)0 : x);                   \
		return high ? (pw_##to)(highest) : (low ? (pw_##to)(lowest) : y);                  \
	}
#define PW_CAST_COMPLEX(from, part, to)                                                            \
	PW pw_##to pw_cast_##from##_##to(pw_##from x) { return PW_COMPLEX(to, (pw_##part)x, 0); }
#define PW_CAST_PARTS(from, part, to)                                                              \
	PW pw_##to pw_cast_##from##_##to(pw_##from x)                                              \
	{                                                                                          \
		return PW_COMPLEX(to, (pw_##part)x.x, (pw_##part)x.y);                             \
	}

PW_CAST(u8, u8)
PW_CAST(u8, i32)
PW_CAST(u8, u32)
PW_CAST(u8, f32)
PW_CAST_COMPLEX(u8, f32, c64)
PW_CAST(i32, u8)
PW_CAST(i32, i32)
PW_CAST(i32, u32)
PW_CAST(i32, f32)
PW_CAST_COMPLEX(i32, f32, c64)
PW_CAST(u32, u8)
PW_CAST(u32, i32)
PW_CAST(u32, u32)
PW_CAST(u32, f32)
PW_CAST_COMPLEX(u32, f32, c64)
PW_CAST_CUT(f32, u8, 0, 256, 255)
PW_CAST_CUT(f32, i32, -2147483647 - 1, 2147483648.0f, 2147483647)
PW_CAST_CUT(f32, u32, 0, 4294967296.0f, 4294967295u)
PW_CAST(f32, f32)
PW_CAST_COMPLEX(f32, f32, c64)
PW_CAST_PARTS(c64, f32, c64)

#if ONN_FP64
PW_CAST(u8, f64)
PW_CAST_COMPLEX(u8, f64, c128)
PW_CAST(i32, f64)
PW_CAST_COMPLEX(i32, f64, c128)
PW_CAST(u32, f64)
PW_CAST_COMPLEX(u32, f64, c128)
PW_CAST(f32, f64)
PW_CAST_COMPLEX(f32, f64, c128)
PW_CAST_CUT(f64, u8, 0, 256, 255)
PW_CAST_CUT(f64, i32, -2147483647 - 1, 2147483648.0, 2147483647)
PW_CAST_CUT(f64, u32, 0, 4294967296.0, 4294967295u)
PW_CAST(f64, f32)
PW_CAST(f64, f64)
PW_CAST_COMPLEX(f64, f32, c64)
PW_CAST_COMPLEX(f64, f64, c128)
PW_CAST_PARTS(c64, f64, c128)
PW_CAST_PARTS(c128, f32, c64)
PW_CAST_PARTS(c128, f64, c128)
#endif

#undef PW_COMPLEX
#undef PW_CAST
#undef PW_CAST_CUT
#undef PW_CAST_COMPLEX
#undef PW_CAST_PARTS
