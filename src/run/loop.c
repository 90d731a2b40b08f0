#include "run/loop.h"

onn_status onn_loop_run(const onn_loop *loop, void *self, size_t done, size_t total)
{
	bool stop = false;
	while (done < total && !stop) {
		onn_status status = loop->step(self, done);
		if (status)
			return status;
		done++;
		stop = loop->report(self, done);
		if (stop || done == total || loop->is_due(self, done))
			status = loop->save(self, done);
		if (status)
			return status;
	}
	return stop && done < total ? ONN_CANCELLED : ONN_OK;
}
