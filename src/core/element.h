/*
 * Elements of any type as numbers in double, which holds each of them exactly.
 */
#ifndef ONN_SRC_CORE_ELEMENT_H
#define ONN_SRC_CORE_ELEMENT_H

#include <onn/array.h>

/* The numbers of an element: 2 of a complex one, re first, else 1. */
size_t onn_type_parts(onn_type type);
/* Number i of data of a type, counted over the parts of all elements. */
double onn_part_get(const void *data, onn_type type, size_t i);
/* For an integer, x without its fraction; out of the type's range its nearest end, and 0 for NaN: C
 * leaves both open. */
void onn_part_set(void *data, onn_type type, size_t i, double x);
/* The first number of an array, counted over the parts of all elements, that is not finite;
 * SIZE_MAX where there is none. */
size_t onn_first_not_finite(const onn_array *a);

#endif
