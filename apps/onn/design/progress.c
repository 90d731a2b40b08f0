/* What a person sees of a design under way, and the light as pictures. */
#include <stdio.h>
#include <stdlib.h>

#include <onn/image.h>

#include "design.h"
#include "system.h"

/* On a terminal a line that is written over; else, and beside it, a line where the light is drawn.
 */
bool design_progress(void *user, const onn_design_progress *at)
{
	design_run *r = user;
	size_t step = at->step - 1; /* whose loss is known */

	if (!r->caught)
		system_catch_stop();
	r->caught = true;
	bool due = !r->s->quiet && !r->terminal && pace_is_due(&r->pace);

	if (!r->s->quiet && ((step & (step - 1)) == 0 || due)) {
		if (r->terminal)
			fputs("\r\033[K", stderr);
		printf("step %zu/%zu  loss %.6g\n", step, at->steps, at->loss);
		fflush(stdout);
	} else if (r->terminal && system_clock() - r->told >= 0.1) {
		r->told = system_clock();
		fprintf(stderr, "\rstep %zu/%zu  loss %.6g\033[K", step, at->steps, at->loss);
		fflush(stderr);
	}
	return system_stop_asked();
}

onn_status design_camera(void *user, const onn_design_picture *seen)
{
	const design_run *r = user;
	char name[64];

	snprintf(name, sizeof name, "camera/step_%06zu.png", seen->step);
	char *path = path_join(r->s->out, name);
	onn_status status = path ? onn_image_save(seen->picture, path, 16) : ONN_ERROR_MEMORY;
	free(path);
	return status;
}
