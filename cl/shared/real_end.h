/* Takes back the words of real.h. */
#undef real
#undef cplx
#undef R
#undef PW_R
#undef PW_C
#undef R_MAX
#undef CPLX
#undef R_LIB
#undef R_INF
#undef R_NAN
