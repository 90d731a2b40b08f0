/*
 * Questions about a schedule that backends share.
 */
#include "plan/schedule.h"

onn_type onn_program_type(const onn_program *p, const onn_value *values, uint16_t reg)
{
	if (reg < p->ninputs)
		return values[p->input[reg].value].type;
	reg = (uint16_t)(reg - p->ninputs);
	if (reg < p->nimmediates)
		return p->immediate[reg].type;
	return p->instr[reg - p->nimmediates].type;
}
