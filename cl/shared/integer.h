/*
 * Bodies of the integer rows of ops.def: pw_<text>_i32 and pw_<text>_u32. Sums and products wrap
 * around. i32 goes by way of u32, since signed overflow is undefined.
 */
#define PW_INTEGER(type)                                                                           \
	PW pw_##type pw_neg_##type(pw_##type a) { return (pw_##type)(0u - (pw_u32)a); }            \
	PW pw_##type pw_add_##type(pw_##type a, pw_##type b)                                       \
	{                                                                                          \
		return (pw_##type)((pw_u32)a + (pw_u32)b);                                         \
	}                                                                                          \
	PW pw_##type pw_sub_##type(pw_##type a, pw_##type b)                                       \
	{                                                                                          \
		return (pw_##type)((pw_u32)a - (pw_u32)b);                                         \
	}                                                                                          \
	PW pw_##type pw_mul_##type(pw_##type a, pw_##type b)                                       \
	{                                                                                          \
		return (pw_##type)((pw_u32)a * (pw_u32)b);                                         \
	}                                                                                          \
	PW pw_##type pw_min_##type(pw_##type a, pw_##type b) { return a < b ? a : b; }             \
	PW pw_##type pw_max_##type(pw_##type a, pw_##type b) { return a > b ? a : b; }             \
	PW pw_##type pw_less_##type(pw_##type a, pw_##type b)                                      \
	{                                                                                          \
		return (pw_##type)(a < b ? 1 : 0);                                                 \
	}                                                                                          \
	PW pw_##type pw_less_equal_##type(pw_##type a, pw_##type b)                                \
	{                                                                                          \
		return (pw_##type)(a <= b ? 1 : 0);                                                \
	}                                                                                          \
	PW pw_##type pw_equal_##type(pw_##type a, pw_##type b)                                     \
	{                                                                                          \
		return (pw_##type)(a == b ? 1 : 0);                                                \
	}                                                                                          \
	PW pw_##type pw_select_##type(pw_##type condition, pw_##type a, pw_##type b)               \
	{                                                                                          \
		return condition != 0 ? a : b;                                                     \
	}

PW_INTEGER(i32)
PW_INTEGER(u32)
#undef PW_INTEGER
