/* A device with a fault: another one, with one entry of its table replaced. */
#ifndef ONN_TESTS_SELFTEST_FAULTY_H
#define ONN_TESTS_SELFTEST_FAULTY_H

#include "testing.h"

#include "backend/backend.h"
#include "backend/reference/reference.h"
#include "ops/op.h"

static const onn_backend *true_backend;

/* Every f32 and f64 product is off by a part in a thousand. */
static inline onn_status wrong_products(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	onn_status status = true_backend->run(executable, buffers, first, count);
	const onn_schedule *s = executable->schedule;

	for (uint32_t i = first; i < first + count; i++) {
		if (s->step[i].kind != ONN_STEP_MATMUL)
			continue;
		const onn_value *v = &s->value[s->step[i].u.matmul.c];
		void *data = ((onn_host_buffer *)buffers[v->memory])->data + v->offset;
		for (size_t k = 0; k < v->count; k++) {
			if (v->type == ONN_F32)
				((float *)data)[k] *= 1.001f;
			if (v->type == ONN_F64)
				((double *)data)[k] *= 1.001;
		}
	}
	return status;
}

static inline void with_fault(onn_backend *backend, onn_device **d, const char *name)
{
	check_ok(onn_device_create(d, name, NULL));
	true_backend = (*d)->backend;
	*backend = *true_backend;
	(*d)->backend = backend;
}

#endif
