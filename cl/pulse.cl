/*
 * Pulses through media, a row at a time: a work item has every `items`th row, and working memory of
 * its own. The host defines, for each model, way and type,
 *
 *   T        the element type
 *   PULSE    the kernel's name
 *   ROW      what happens to a row: a function of shared/pulse_all.h
 *   ADJOINT  on the way back
 *   GROUP    work items of a group
 */
#ifndef T
#include "shared/all.h"
#include "shared/pulse_all.h"
#define T     pw_f32
#define PULSE pulse_rate_f32
#define ROW   pw_pulse_rate_f32
#define GROUP 64
#endif

__attribute__((reqd_work_group_size(GROUP, 1, 1))) __kernel void PULSE(__global const T *light,
    ulong light_at, __global const T *state, ulong state_at, __global const T *parameters,
    ulong parameters_at,
#ifdef ADJOINT
    __global const T *cotangent, ulong cotangent_at,
#endif
    __global T *out, ulong out_at, __global T *work, ulong work_at, uint slots, uint cells,
    uint classes, uint planes, uint lossy, uint record, uint segment, ulong items, ulong rows,
    ulong light_row, ulong state_row, ulong parameter_row, ulong out_row, ulong cotangent_row)
{
	const ulong item = get_global_id(0);
	if (item >= items)
		return;
	pw_pulse p;
	p.slots = slots;
	p.cells = cells;
	p.classes = classes;
	p.planes = planes;
	p.lossy = lossy;
	p.record = record;
	p.segment = segment;
	p.lanes = 1;
	p.rows = rows;
	p.stride = items;
	p.light_row = light_row;
	p.state_row = state_row;
	p.parameter_row = parameter_row;
	p.out_row = out_row;
	p.cotangent_row = cotangent_row;
	for (p.first = item; p.first < rows; p.first += items)
		ROW(&p, light + light_at, state + state_at, parameters + parameters_at,
#ifdef ADJOINT
		    cotangent + cotangent_at,
#endif
		    out + out_at, work + work_at + item);
}
