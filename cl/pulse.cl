/*
 * Pulses through media, a row at a time: a work item has every `items`th row, and working memory of
 * its own. The host defines
 *
 *   T        the element type
 *   NAME(x)  the name of kernel x for that type
 *   ROWS(x)  pw_pulse_x for that type
 *   GROUP    work items of a group
 */
#ifndef T
#include "shared/all.h"
#include "shared/pulse_all.h"
#define T       pw_f32
#define NAME(x) x##_f32
#define ROWS(x) pw_pulse_##x##_f32
#define GROUP   64
#endif

#define SIZES                                                                                      \
	uint slots, uint cells, uint classes, uint lossy, uint record, uint segment, ulong items,  \
	    ulong rows, ulong light_row, ulong state_row, ulong parameter_row, ulong out_row
#define OPERANDS                                                                                   \
	__global const T *light, ulong light_at, __global const T *state, ulong state_at,          \
	    __global const T *parameters, ulong parameters_at

__attribute__((reqd_work_group_size(GROUP, 1, 1))) __kernel void NAME(pulse_rate)(
    OPERANDS, __global T *out, ulong out_at, __global T *work, ulong work_at, SIZES)
{
	const ulong item = get_global_id(0);
	if (item >= items)
		return;
	for (ulong row = item; row < rows; row += items) {
		const pw_pulse p = {0, slots, cells, classes, lossy, record, segment, 1, row, rows,
		    items, light_row, state_row, parameter_row, out_row, 0};
		ROWS(rate)
		(&p, light + light_at, state + state_at, parameters + parameters_at, out + out_at,
		    work + work_at + item);
	}
}

__attribute__((reqd_work_group_size(GROUP, 1, 1))) __kernel void NAME(pulse_rate_adjoint)(OPERANDS,
    __global const T *cotangent, ulong cotangent_at, __global T *out, ulong out_at,
    __global T *work, ulong work_at, SIZES, ulong cotangent_row)
{
	const ulong item = get_global_id(0);
	if (item >= items)
		return;
	for (ulong row = item; row < rows; row += items) {
		const pw_pulse p = {0, slots, cells, classes, lossy, record, segment, 1, row, rows,
		    items, light_row, state_row, parameter_row, out_row, cotangent_row};
		ROWS(rate_adjoint)
		(&p, light + light_at, state + state_at, parameters + parameters_at,
		    cotangent + cotangent_at, out + out_at, work + work_at + item);
	}
}
