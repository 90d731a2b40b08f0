/* A run: what is called back, every way to stop and to go on. */
#include "bench.h"

typedef struct witness {
	size_t steps, pictures, stop_at; /* 0: never */
	size_t pictured[64];
	double loss[64]; /* before each step */
	double white;    /* the target's peak, where brightness counts; else 0 */
	onn_status answer;
} witness;

static bool see_step(void *user, const onn_design_progress *p)
{
	witness *w = user;
	ck_assert(p->step >= 1 && p->step <= p->steps);
	w->loss[p->step - 1] = p->loss;
	w->steps++;
	return p->step == w->stop_at;
}

static onn_status see_picture(void *user, const onn_design_picture *p)
{
	witness *w = user;
	const double *i = onn_array_const_data(p->intensity), *x = onn_array_const_data(p->picture);
	ck_assert(isfinite(p->loss));
	for (size_t k = 0; k < onn_array_count(p->intensity) && w->white > 0; k++)
		check_near(x[k] * w->white, i[k], 1e-14 * i[k]);
	w->pictured[w->pictures++] = p->step;
	return w->answer;
}

static onn_designer *begin(
    witness *w, const onn_design *d, const char *out, bool resume, size_t picture_every)
{
	onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
	onn_designer *designer;

	*w = (witness){0};
	o.out = out;
	o.resume = resume;
	o.user = w;
	o.progress = see_step;
	o.picture = see_picture;
	o.picture_every = picture_every;
	check_ok(onn_designer_create(&designer, resume ? NULL : d, NULL, &o, device));
	if (onn_designer_design(designer)->update == ONN_DESIGN_UPDATE_GERCHBERG_SAXTON)
		return designer;
	const double *t = onn_array_const_data(onn_designer_target(designer));
	for (size_t k = 0; k < PIXELS; k++)
		w->white = fmax(w->white, t[k]);
	return designer;
}

static onn_design short_design(void)
{
	onn_design d = small_design();
	d.steps = 11;
	d.save_every = 3;
	return d;
}

static void check_pictures(const witness *w, size_t count, const size_t *step)
{
	ck_assert_uint_eq(w->pictures, count);
	for (size_t i = 0; i < count; i++)
		ck_assert_uint_eq(w->pictured[i], step[i]);
}

START_TEST(callbacks_see_each_step_and_the_pictures_asked_for)
{
	onn_design d = short_design();
	size_t count;
	witness w;

	onn_designer *designer = begin(&w, &d, NULL, false, 0);
	check_ok(onn_designer_run(designer));
	ck_assert_uint_eq(w.steps, 11);
	check_pictures(&w, 6, (size_t[]){0, 1, 2, 4, 8, 11});
	const double *loss = onn_designer_losses(&count, designer);
	ck_assert_uint_eq(count, 12);
	for (size_t i = 0; i < 11; i++)
		ck_assert(w.loss[i] == loss[i] && loss[i + 1] < loss[i]);
	/* nothing is left to do, but to look */
	check_ok(onn_designer_run(designer));
	ck_assert_uint_eq(w.steps, 11);
	ck_assert_uint_eq(w.pictures, 7);
	onn_designer_destroy(designer);

	designer = begin(&w, &d, NULL, false, 5);
	check_ok(onn_designer_run(designer));
	check_pictures(&w, 4, (size_t[]){0, 5, 10, 11});
	onn_designer_destroy(designer);
}
END_TEST

START_TEST(steps_by_hand_are_those_of_a_run)
{
	onn_design d = short_design();
	onn_designer *designer;
	size_t count, counted;
	witness w;

	onn_designer *run = begin(&w, &d, NULL, false, 0);
	check_ok(onn_designer_run(run));
	check_ok(onn_designer_create(&designer, &d, NULL, NULL, device));
	for (size_t i = 0; i < d.steps; i++) {
		check_ok(onn_designer_step(designer));
		onn_designer_losses(&counted, designer);
		ck_assert_uint_eq(counted, i + 1); /* that after the step is not known */
		if (i == 4)
			onn_designer_rest(designer);
		ck_assert(!onn_designer_plan(designer) == (i == 4));
	}
	onn_design_result r;
	check_ok(onn_designer_result(&r, NULL, designer));
	const double *a = onn_designer_losses(&counted, designer),
	             *b = onn_designer_losses(&count, run);
	ck_assert_uint_eq(count, counted);
	ck_assert_mem_eq(a, b, count * sizeof *a);
	ck_assert(r.loss == a[11]);
	for (size_t i = 0; i < 200; i++) /* more than the design says */
		check_ok(onn_designer_step(designer));
	ck_assert_uint_eq(onn_designer_steps(designer), 211);
	onn_designer_destroy(designer);
	onn_designer_destroy(run);
}
END_TEST

static void check_same_run(const char *a, const char *b)
{
	check_same_file(a, b, "last.npz");
	check_same_file(a, b, "metrics.csv");
	check_same_file(a, b, "config.json");
}

START_TEST(a_stopped_run_goes_on_and_ends_with_the_same_bytes)
{
	static const onn_design_update update[] = {ONN_DESIGN_UPDATE_PHASE_SIGN,
	    ONN_DESIGN_UPDATE_ADAM, ONN_DESIGN_UPDATE_GERCHBERG_SAXTON};
	witness w;

	for (size_t u = 0; u < COUNT(update); u++) {
		onn_design d = short_design();
		d.update = update[u];
		if (u == 2)
			d.modulation = ONN_DESIGN_MODULATION_PHASE;
		onn_designer *designer =
		    begin(&w, &d, fresh_folder("design_run_straight"), false, 0);
		check_ok(onn_designer_run(designer));
		onn_designer_destroy(designer);
		for (size_t stop = 1; stop < d.steps; stop += 3) {
			designer = begin(&w, &d, fresh_folder("design_run_broken"), false, 0);
			w.stop_at = stop;
			check_error(onn_designer_run(designer), ONN_CANCELLED, "of 11");
			onn_designer_destroy(designer);
			designer = begin(&w, NULL, "design_run_broken", true, 0);
			ck_assert_uint_eq(onn_designer_steps(designer), stop);
			check_ok(onn_designer_run(designer));
			ck_assert_uint_eq(w.steps, d.steps - stop);
			onn_designer_destroy(designer);
			check_same_run("design_run_straight", "design_run_broken");
		}
	}
}
END_TEST

START_TEST(a_stopped_run_goes_on_by_another_call)
{
	onn_design d = short_design();
	witness w;

	onn_designer *designer = begin(&w, &d, fresh_folder("design_run_straight"), false, 0);
	check_ok(onn_designer_run(designer));
	onn_designer_destroy(designer);
	designer = begin(&w, &d, fresh_folder("design_run_broken"), false, 0);
	w.stop_at = 5;
	check_error(onn_designer_run(designer), ONN_CANCELLED, "stopped after step 5 of 11");
	ck_assert_uint_eq(w.pictured[w.pictures - 1], 4); /* a run that stops shows nothing more */
	check_ok(onn_designer_run(designer));
	onn_designer_destroy(designer);
	check_same_run("design_run_straight", "design_run_broken");
}
END_TEST

START_TEST(more_steps_continue_a_finished_run)
{
	onn_design d = short_design();
	onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
	witness w;

	onn_designer *designer = begin(&w, &d, fresh_folder("design_run_straight"), false, 0);
	check_ok(onn_designer_run(designer));
	onn_designer_destroy(designer);
	d.steps = 7;
	designer = begin(&w, &d, fresh_folder("design_run_longer"), false, 0);
	check_ok(onn_designer_run(designer));
	onn_designer_destroy(designer);
	d.steps = 11;
	o.out = "design_run_longer";
	o.resume = true;
	check_ok(onn_designer_create(&designer, &d, NULL, &o, device));
	check_ok(onn_designer_run(designer));
	onn_designer_destroy(designer);
	check_same_run("design_run_straight", "design_run_longer");
	/* steps by hand, saved: the run is as long */
	check_ok(onn_designer_create(&designer, &d, NULL, &o, device));
	check_ok(onn_designer_step(designer));
	check_ok(onn_designer_save(designer));
	onn_designer_destroy(designer);
	check_ok(onn_designer_create(&designer, NULL, NULL, &o, device));
	ck_assert_uint_eq(onn_designer_steps(designer), 12);
	ck_assert_uint_eq(onn_designer_design(designer)->steps, 12);
	onn_designer_destroy(designer);
}
END_TEST

/* The loss of the first step that is lost, and the checkpoint before it. */
START_TEST(a_loss_that_is_not_finite_is_named_and_the_last_good_checkpoint_stays)
{
	onn_design d = short_design();
	void *before, *after;
	size_t bytes, now;
	witness w;

	d.rate = 1e30;
	d.update = ONN_DESIGN_UPDATE_SGD;
	d.precision = ONN_F32;
	onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
	onn_designer *designer;
	o.out = fresh_folder("design_run_lost");
	check_ok(onn_designer_create(&designer, &d, NULL, &o, device));
	check_ok(onn_file_read(&before, &bytes, "design_run_lost/last.npz"));
	check_error(onn_designer_run(designer), ONN_ERROR_NUMERIC,
	    "onn_designer_step: the loss after 1 step is");
	onn_designer_destroy(designer);
	check_ok(onn_file_read(&after, &now, "design_run_lost/last.npz"));
	ck_assert(bytes == now && memcmp(before, after, bytes) == 0);
	onn_free(before);
	onn_free(after);

	d = short_design();
	designer = begin(&w, &d, NULL, false, 0);
	w.answer = ONN_ERROR_FILE;
	ck_assert_int_eq(onn_designer_run(designer), ONN_ERROR_FILE);
	ck_assert_uint_eq(w.pictures, 1);
	ck_assert_uint_eq(w.steps, 0);
	/* the text of a picture that ends the run is its own, whatever it returns */
	w.answer = ONN_CANCELLED;
	check_error(onn_design_check(NULL), ONN_ERROR_ARGUMENT, "");
	char said[256];
	snprintf(said, sizeof said, "%s", onn_last_error());
	ck_assert_int_eq(onn_designer_run(designer), ONN_CANCELLED);
	ck_assert_str_eq(onn_last_error(), said);
	ck_assert_uint_eq(w.steps, 0);
	onn_designer_destroy(designer);
}
END_TEST

TESTS_ON_DEVICE("run", callbacks_see_each_step_and_the_pictures_asked_for,
    steps_by_hand_are_those_of_a_run, a_stopped_run_goes_on_and_ends_with_the_same_bytes,
    a_stopped_run_goes_on_by_another_call, more_steps_continue_a_finished_run,
    a_loss_that_is_not_finite_is_named_and_the_last_good_checkpoint_stays)
