/*
 * What a product's kernel does besides: pointwise steps over the elements that it makes.
 */
#ifndef ONN_SRC_BACKEND_OPENCL_PRODUCT_EPILOGUE_H
#define ONN_SRC_BACKEND_OPENCL_PRODUCT_EPILOGUE_H

#include "backend/opencl/also.h"

/* Of step `number`, which makes each element of c, dense, once; *stored: whether c is to be
 * written, too. */
void onn_cl_find_epilogue(
    onn_cl_also *also, bool *stored, onn_cl_executable *e, uint32_t number, uint32_t c);

#endif
