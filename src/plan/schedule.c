/*
 * Questions about a schedule that backends share.
 */
#include "plan/schedule.h"

#include <string.h>

onn_type onn_program_type(const onn_program *p, const onn_value *values, uint16_t reg)
{
	if (reg < p->ninputs)
		return values[p->input[reg].value].type;
	reg = (uint16_t)(reg - p->ninputs);
	if (reg < p->nimmediates)
		return p->immediate[reg].type;
	return p->instr[reg - p->nimmediates].type;
}

#define STORE(type, ...)                                                                           \
	memcpy(to, (const type[]){__VA_ARGS__}, sizeof((const type[]){__VA_ARGS__}));              \
	break

void onn_immediate_store(void *to, const onn_immediate *c)
{
	switch (c->type) {
	case ONN_U8:
		STORE(uint8_t, (uint8_t)c->re);
	case ONN_I32:
		STORE(int32_t, (int32_t)c->re);
	case ONN_U32:
		STORE(uint32_t, (uint32_t)c->re);
	case ONN_F32:
		STORE(float, (float)c->re);
	case ONN_F64:
		STORE(double, c->re);
	case ONN_C64:
		STORE(float, (float)c->re, (float)c->im);
	case ONN_C128:
		STORE(double, c->re, c->im);
	}
}

static void visit_program(const onn_program *p, onn_value_visitor visit, void *user)
{
	for (uint32_t i = 0; i < p->ninputs; i++)
		visit(user, p->input[i].value, false);
	for (uint32_t i = 0; i < p->noutputs; i++)
		visit(user, p->output[i].view.value, true);
}

void onn_step_visit(const onn_step *step, onn_value_visitor visit, void *user)
{
	switch (step->kind) {
	case ONN_STEP_POINTWISE:
	case ONN_STEP_REDUCE:
		visit_program(&step->u.pointwise.program, visit, user);
		break;
	case ONN_STEP_FFT:
		if (step->u.pointwise.transform.filtered)
			visit(user, step->u.pointwise.transform.filter.value, false);
		visit_program(&step->u.pointwise.program, visit, user);
		break;
	case ONN_STEP_ARGMAX:
		visit(user, step->u.argmax.x, false);
		visit(user, step->u.argmax.out, true);
		break;
	case ONN_STEP_TAKE:
		visit(user, step->u.take.x.value, false);
		visit(user, step->u.take.index, false);
		visit(user, step->u.take.out, true);
		break;
	case ONN_STEP_SCATTER_ADD:
		visit(user, step->u.scatter.index, false);
		visit(user, step->u.scatter.updates, false);
		visit(user, step->u.scatter.out, true);
		break;
	case ONN_STEP_MATMUL:
		visit(user, step->u.matmul.a.value, false);
		visit(user, step->u.matmul.b.value, false);
		visit(user, step->u.matmul.c, true);
		break;
	case ONN_STEP_ZERO:
		visit(user, step->u.zero.out, true);
		break;
	}
}
