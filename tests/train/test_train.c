/*
 * Training on a device: what a step does, what is learnt, and every way to stop and go on.
 */
#include "core/streams.h"
#include "device.h"
#include "network.h"
#include "presets.h"
#include "train/training.h"

static onn_device *device;
static bool compiles; /* a processor that compiles OpenCL: seconds a network, so fewer of them */

static char straight[128], broken[128];

/* Stops after a number of steps. */
static bool count_down(void *user, const onn_train_progress *p)
{
	int *left = user;
	ck_assert(p->step >= 1 && p->step <= p->steps && p->epoch < p->epochs);
	return --*left == 0;
}

static onn_train_options short_training(const char *out)
{
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
	o.optimizer.rate = .01;
	o.batch = 16;
	o.epochs = 4;
	o.seed = 5;
	o.out = out;
	return o;
}

/* ---- the step ---- */

static double number(const onn_array *a, size_t i)
{
	return onn_array_type(a) == ONN_F32 ? ((const float *)onn_array_const_data(a))[i]
	                                    : ((const double *)onn_array_const_data(a))[i];
}

/* A linear classifier by SGD on the mean square error, in plain loops. Returns the mean loss of the
 * last epoch. */
static double train_by_hand(
    const onn_dataset *d, const onn_train_options *o, double *w, size_t in, size_t out)
{
	size_t n = onn_array_count(d->train_y);
	const uint8_t *x = onn_array_const_data(d->train_x);
	const int32_t *label = onn_array_const_data(d->train_y);
	int32_t *order = malloc(n * sizeof *order);
	double loss = 0, *grad = malloc(in * out * sizeof *grad);
	for (size_t epoch = 0; epoch < o->epochs; epoch++) {
		onn_philox_permutation(order, n, o->seed, (uint32_t)epoch, ONN_STREAM_ORDER);
		loss = 0;
		for (size_t first = 0; first < n; first += o->batch) {
			size_t batch = n - first < o->batch ? n - first : o->batch;
			memset(grad, 0, in * out * sizeof *grad);
			for (size_t i = first; i < first + batch; i++)
				for (size_t j = 0; j < out; j++) {
					const uint8_t *row = x + (size_t)order[i] * in;
					double y = -(label[order[i]] == (int32_t)j);
					for (size_t k = 0; k < in; k++)
						y += row[k] / 255. * w[k * out + j];
					loss += y * y / (double)(out * n);
					for (size_t k = 0; k < in; k++)
						grad[k * out + j] +=
						    2 * y * row[k] / 255. / (double)(out * batch);
				}
			for (size_t k = 0; k < in * out; k++)
				w[k] -= o->optimizer.rate * grad[k];
		}
	}
	free(order);
	free(grad);
	return loss;
}

/* 37 samples in batches of 8: each epoch ends with a batch of 5. */
static void count_plans(void *user, const onn_plan *plan)
{
	ck_assert_uint_gt(onn_plan_steps(plan), 0);
	++*(int *)user;
}

START_TEST(every_sample_trains_once_an_epoch_the_last_partial_batch_too)
{
	int plans = 0;
	onn_dataset *d = make_set(37, 10, 6);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight);
	onn_train_result r;
	onn_model *begin, *end;
	double w[18], fine = 1e-13;
	m.nhidden = 0;
	m.precision = onn_device_supports(device, ONN_F64) ? ONN_F64 : ONN_F32;
	if (m.precision == ONN_F32)
		fine = 1e-5;
	o.optimizer.kind = ONN_OPTIMIZER_SGD;
	o.optimizer.rate = .3;
	o.batch = 8;
	o.epochs = 3;
	o.user = &plans;
	o.planned = count_plans;
	clean(straight);
	check_ok(create_mlp(&begin, &m, o.seed));
	for (size_t i = 0; i < 18; i++)
		w[i] = number(onn_model_weight(begin, 0), i);
	double loss = train_by_hand(d, &o, w, 6, 3);
	check_ok(train_mlp(&r, &m, &o, d, device));
	check_near(r.run[0].train_loss, loss, fine);
	ck_assert_int_eq(plans, 1);
	check_ok(onn_model_load(&end, path_in(straight, "last.npz")));
	for (size_t i = 0; i < 18; i++)
		check_near(number(onn_model_weight(end, 0), i), w[i], fine);
	onn_train_result_clear(&r);
	onn_model_destroy(begin);
	onn_model_destroy(end);
	free_set(d);
}
END_TEST

/* Gradient of the network's loss by each weight, exact mode, both media, both losses. */
START_TEST(gradients_of_the_network_agree_with_central_differences)
{
	if (!onn_device_supports(device, ONN_F64))
		return;
	for (int kind = 0; kind < 4; kind++) {
		onn_dataset *d = make_set(4, 1, 6);
		onn_mlp m = network_for(d);
		m.precision = ONN_F64;
		m.hidden[0] = 5;
		m.bias = true;
		m.loss = kind & 1 ? ONN_LOSS_NLL : ONN_LOSS_MSE;
		m.absorber.medium = kind & 2 ? ONN_MEDIUM_THICK : ONN_MEDIUM_THIN;
		m.absorber.gradient = ONN_GRADIENT_EXACT;
		onn_model *model;
		onn_graph *g;
		onn_node weight[4], out[5];
		double x[24], y[4];
		check_ok(create_mlp(&model, &m, 1));
		for (int i = 0; i < 24; i++)
			x[i] = ((uint8_t *)onn_array_data(d->train_x))[i] / 255.;
		for (int i = 0; i < 4; i++)
			y[i] = ((int32_t *)onn_array_data(d->train_y))[i];
		check_ok(onn_graph_create(&g));
		onn_node image = constant_of(g, ONN_F64, 2, (size_t[]){4, 6}, x);
		onn_node label = constant_of(g, ONN_I32, 1, (size_t[]){4}, y);
		out[0] = onn_loss_of(g, m.loss, onn_model_forward(model, g, image, weight), label);
		check_ok(onn_gradient(out + 1, g, out[0], ONN_NULL_NODE, weight, 4));
		check_gradients(model, device, g, out, 1, 1e-5, 1e-8);
		onn_graph_destroy(g);
		onn_model_destroy(model);
		free_set(d);
	}
}
END_TEST

/* ---- learning ---- */

START_TEST(the_digits_are_learnt_by_exact_and_by_optical_gradients)
{
	onn_dataset *d;
	check_ok(onn_dataset_load(&d, "digits", NULL, 0));
	for (int mode = ONN_GRADIENT_APPROXIMATE; mode <= ONN_GRADIENT_EXACT; mode++) {
		if (compiles && mode == ONN_GRADIENT_EXACT && !is_thorough())
			continue;
		onn_mlp m = ONN_MLP_INIT;
		onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
		onn_train_result r;
		m.inputs = 64;
		m.absorber.gradient = (onn_gradient_mode)mode;
		o.optimizer.rate = 5e-3;
		o.epochs = 15;
		check_ok(train_mlp(&r, &m, &o, d, device));
		const onn_train_run *run = r.run;
		double accuracy = (run->selection_accuracy + run->report_accuracy) / 2;
		ck_assert_msg(accuracy >= .93, "%s: %g",
		    onn_gradient_mode_name(m.absorber.gradient), accuracy);
		ck_assert(run->train_loss < .03);
		onn_train_result_clear(&r);
	}
	onn_dataset_destroy(d);
}
END_TEST

START_TEST(every_activation_loss_and_optimiser_lowers_the_loss)
{
	onn_dataset *d = make_set(300, 60, 8);
	for (int kind = 0; kind < 8; kind += compiles ? 5 : 1) {
		onn_mlp m = network_for(d);
		onn_train_options o = short_training(NULL);
		onn_train_result r;
		double first;
		m.activation = (onn_activation)(kind % 4);
		m.loss = kind & 4 ? ONN_LOSS_NLL : ONN_LOSS_MSE;
		m.bias = kind & 1;
		o.optimizer.kind = kind & 2 ? ONN_OPTIMIZER_SGD : ONN_OPTIMIZER_ADAM;
		o.optimizer.momentum = .9;
		o.optimizer.rate = kind & 2 ? .05 : .01;
		o.optimizer.decay = ONN_DECAY_COSINE;
		o.epochs = 1;
		check_ok(train_mlp(&r, &m, &o, d, device));
		first = r.run[0].train_loss;
		onn_train_result_clear(&r);
		o.epochs = 15;
		check_ok(train_mlp(&r, &m, &o, d, device));
		ck_assert_msg(r.run[0].train_loss < .8 * first, "kind %d: %g after %g", kind,
		    r.run[0].train_loss, first);
		onn_train_result_clear(&r);
	}
	free_set(d);
}
END_TEST

START_TEST(limited_weights_stay_within_their_limits)
{
	onn_dataset *d = make_set(100, 20, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight);
	onn_model *model;
	o.limits.low = -.25;
	o.limits.high = .125;
	o.limits.norm = ONN_NORM_L1;
	clean(straight);
	check_ok(train_mlp(NULL, &m, &o, d, device));
	check_ok(onn_model_load(&model, path_in(straight, "last.npz")));
	for (size_t i = 0; i < 2; i++) {
		const onn_array *w = onn_model_weight(model, i);
		double sum = 0;
		for (size_t k = 0; k < onn_array_count(w); k++) {
			ck_assert(number(w, k) >= -.25 && number(w, k) <= .125);
			sum += fabs(number(w, k));
		}
		ck_assert(sum <= 1 + 1e-5);
	}
	onn_model_destroy(model);
	free_set(d);
}
END_TEST

START_TEST(several_seeds_have_a_mean_and_folders_of_their_own)
{
	onn_dataset *d = make_set(100, 40, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight);
	onn_train_result r;
	onn_train_config config;
	char folder[3][160];
	double mean = 0, square = 0;
	clean(straight);
	for (int i = 0; i < 3; i++) {
		snprintf(folder[i], sizeof folder[i], "%s/seed-%d", straight, 5 + i);
		clean(folder[i]);
	}
	o.seeds = 3;
	check_ok(train_mlp(&r, &m, &o, d, device));
	ck_assert_uint_eq(r.count, 3);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(r.run[i].seed, 5 + i);
		ck_assert_uint_eq(r.run[i].epochs, 4);
		mean += r.run[i].report_accuracy / 3;
		check_ok(onn_train_config_load(&config, folder[i]));
		ck_assert(config.options.seed == 5 + i && config.options.seeds == 1);
		onn_train_config_clear(&config);
	}
	for (size_t i = 0; i < 3; i++)
		square += pow(r.run[i].report_accuracy - mean, 2) / 2;
	check_near(r.mean, mean, 1e-15);
	check_near(r.deviation, sqrt(square), 1e-15);
	ck_assert(onn_file_exists(path_in(straight, "summary.json")));
	onn_train_result_clear(&r);
	check_error(train_mlp(&r, &m, &o, d, device), ONN_ERROR_ARGUMENT, "holds a run already");

	/* the second run is lost: it alone is done anew */
	check_ok(onn_file_remove(path_in(folder[1], "last.npz")));
	o.resume = true;
	check_ok(train_mlp(&r, &m, &o, d, device));
	ck_assert(r.run[0].was_finished && !r.run[1].was_finished && r.run[2].was_finished);
	ck_assert(!r.was_finished);
	check_near(r.mean, mean, 1e-15);
	onn_train_result_clear(&r);
	for (int i = 0; i < 3; i++) {
		clean(folder[i]);
		remove(folder[i]);
	}
	clean(straight);
	free_set(d);
}
END_TEST

/* Keeps the rows of the epochs. */
typedef struct rows {
	onn_train_epoch row[16];
	size_t count;
} rows;

static void keep_row(void *user, const onn_train_epoch *epoch)
{
	rows *r = user;
	ck_assert(r->count < COUNT(r->row));
	r->row[r->count++] = *epoch;
}

/* The best by selection accuracy, of equals the latest; and whether each epoch said so when it
 * came. */
static size_t find_best(const rows *r)
{
	size_t best = 0;
	for (size_t i = 0; i < r->count; i++) {
		const onn_train_epoch *e = &r->row[i];
		bool better = e->selection_accuracy >= r->row[best].selection_accuracy;
		ck_assert(e->best == better && e->epoch == i + 1);
		best = better ? i : best;
	}
	return best;
}

static void check_same_epoch(const onn_train_epoch *a, const onn_train_epoch *b)
{
	ck_assert(a->seed == b->seed && a->run == b->run && a->runs == b->runs);
	ck_assert(a->epoch == b->epoch && a->epochs == b->epochs && a->best == b->best);
	ck_assert(a->train_loss == b->train_loss && a->seconds == b->seconds);
	ck_assert(a->selection_accuracy == b->selection_accuracy);
	ck_assert(a->report_accuracy == b->report_accuracy);
}

START_TEST(the_best_epoch_is_chosen_on_one_half_and_reported_on_the_other)
{
	onn_dataset *d = make_set(100, 41, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight);
	onn_train_result r;
	onn_model *best;
	onn_accuracy a, noisy, again;
	onn_evaluate_options e = ONN_EVALUATE_OPTIONS_INIT;
	rows kept = {.count = 0};
	clean(straight);
	o.epochs = 12;
	o.user = &kept;
	o.epoch = keep_row;
	check_ok(train_mlp(&r, &m, &o, d, device));
	size_t top_row = find_best(&kept);
	ck_assert_uint_eq(kept.count, 12);
	ck_assert_uint_eq(r.run[0].epochs, 12);
	for (size_t i = 0; i < 12; i++)
		check_same_epoch(&r.run[0].epoch[i], &kept.row[i]);
	ck_assert_uint_eq(r.run[0].best_epoch, top_row + 1);
	ck_assert(r.run[0].report_accuracy == kept.row[top_row].report_accuracy);
	check_ok(onn_model_load(&best, path_in(straight, "best.npz")));
	e.seed = o.seed;
	e.batch = 7;
	check_ok(onn_model_evaluate(&a, best, device, d, &e));
	ck_assert(a.count == 41 && a.nselection == 20 && a.nreport == 21);
	check_near(a.selection, r.run[0].selection_accuracy, 1e-15);
	check_near(a.report, r.run[0].report_accuracy, 1e-15);
	check_near(a.all, (20 * a.selection + 21 * a.report) / 41, 1e-15);

	/* the same by hand */
	onn_array *y;
	size_t hits = 0;
	check_ok(onn_model_predict(&y, best, device, d->test_x, d->scale));
	for (size_t i = 0; i < 41; i++) {
		int32_t top = 0;
		for (int32_t k = 1; k < 3; k++)
			top =
			    number(y, 3 * i + (size_t)k) > number(y, 3 * i + (size_t)top) ? k : top;
		hits += top == ((int32_t *)onn_array_data(d->test_y))[i];
	}
	check_near(a.all, (double)hits / 41, 1e-15);

	e.weight_noise = 3;
	check_ok(onn_model_evaluate(&noisy, best, device, d, &e));
	check_ok(onn_model_evaluate(&again, best, device, d, &e));
	ck_assert(noisy.all < a.all);
	ck_assert(noisy.all == again.all);
	e.weight_noise = -1;
	check_error(
	    onn_model_evaluate(&noisy, best, device, d, &e), ONN_ERROR_ARGUMENT, "weight_noise");
	onn_array_destroy(y);
	onn_model_destroy(best);
	onn_train_result_clear(&r);
	free_set(d);
}
END_TEST

/* ---- stopping and going on ---- */

/* 100 samples in batches of 16: 7 steps an epoch, 28 in all. Stops at each step of the run but the
 * last. */
START_TEST(a_run_that_stops_at_any_step_ends_with_the_same_bytes)
{
	onn_dataset *d = make_set(100, 30, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight);
	clean(straight);
	check_ok(train_mlp(NULL, &m, &o, d, device));
	for (int stop = 1; stop < 28; stop += compiles ? 8 : 1) {
		onn_train_result r;
		int left = stop;
		onn_train_options again = short_training(broken);
		clean(broken);
		again.user = &left;
		again.progress = count_down;
		check_error(
		    train_mlp(&r, &m, &again, d, device), ONN_CANCELLED, "stopped at epoch");
		onn_train_result_clear(&r);
		/* and once more, three steps later */
		left = 3;
		again.resume = true;
		onn_status status = train_mlp(&r, &m, &again, d, device);
		ck_assert_msg(status == ONN_CANCELLED || (stop > 24 && status == ONN_OK), "%s",
		    onn_last_error());
		onn_train_result_clear(&r);
		again.progress = NULL;
		check_ok(train_mlp(&r, &m, &again, d, device));
		ck_assert_uint_eq(r.run[0].epochs, 4);
		onn_train_result_clear(&r);
		check_same_file(straight, broken, "last.npz");
		check_same_file(straight, broken, "best.npz");
		check_same_file(straight, broken, "config.json");
		check_same_metrics(straight, broken, 4);
		ck_assert(!onn_file_exists(path_in(broken, "interrupted.csv")));
	}
	free_set(d);
}
END_TEST

static bool count_batches(void *user)
{
	int *left = user;
	return --*left == 0;
}

/* Whose steps are all taken: it is measured by the run that goes on. */
START_TEST(a_run_that_stops_while_an_epoch_is_measured_ends_with_the_same_bytes)
{
	onn_dataset *d = make_set(100, 30, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight);
	clean(straight);
	check_ok(train_mlp(NULL, &m, &o, d, device));
	for (int epoch = 1; epoch <= 4; epoch += compiles ? 3 : 1) {
		char expected[64];
		int left = epoch; /* each is measured in one batch */
		onn_train_options again = short_training(broken);
		clean(broken);
		again.user = &left;
		again.stop = count_batches;
		snprintf(expected, sizeof expected, "stopped at epoch %d, step 7", epoch);
		check_error(train_mlp(NULL, &m, &again, d, device), ONN_CANCELLED, expected);
		/* and at once again */
		left = 1;
		again.resume = true;
		check_error(train_mlp(NULL, &m, &again, d, device), ONN_CANCELLED, expected);
		again.stop = NULL;
		check_ok(train_mlp(NULL, &m, &again, d, device));
		check_same_file(straight, broken, "last.npz");
		check_same_file(straight, broken, "best.npz");
		check_same_metrics(straight, broken, 4);
	}
	free_set(d);
}
END_TEST

START_TEST(more_epochs_continue_a_finished_run)
{
	onn_dataset *d = make_set(60, 20, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight), less = short_training(broken);
	onn_train_result r;
	rows kept = {.count = 0};
	clean(straight);
	clean(broken);
	check_ok(train_mlp(NULL, &m, &o, d, device));
	less.epochs = 2;
	less.user = &kept;
	less.epoch = keep_row;
	check_ok(train_mlp(NULL, &m, &less, d, device));
	less.epochs = 4;
	less.resume = true;
	check_ok(train_mlp(&r, &m, &less, d, device));
	ck_assert(!r.was_finished);
	onn_train_result_clear(&r);
	check_same_file(straight, broken, "last.npz");
	check_ok(train_mlp(&r, &m, &less, d, device));
	ck_assert(r.was_finished && r.run[0].epochs == 4);
	for (size_t i = 0; i < 4; i++) {
		kept.row[i].epochs = 4; /* the first two were to be all */
		check_same_epoch(&r.run[0].epoch[i], &kept.row[i]);
	}
	onn_train_result_clear(&r);
	free_set(d);
}
END_TEST

/* metrics.csv and best.npz are written before last.npz: a kill in between leaves them an epoch
 * ahead. */
START_TEST(files_ahead_of_the_checkpoint_are_brought_back)
{
	onn_dataset *d = make_set(100, 30, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight), again = short_training(broken);
	size_t bytes;
	clean(straight);
	clean(broken);
	check_ok(train_mlp(NULL, &m, &o, d, device));
	again.epochs = 2;
	check_ok(train_mlp(NULL, &m, &again, d, device));
	char *metrics = read_text(straight, "metrics.csv", &bytes);
	check_ok(onn_file_write(path_in(broken, "metrics.csv"), metrics, bytes));
	onn_free(metrics);
	char *best = read_text(straight, "best.npz", &bytes);
	check_ok(onn_file_write(path_in(broken, "best.npz"), best, bytes));
	onn_free(best);
	again.epochs = 4;
	again.resume = true;
	check_ok(train_mlp(NULL, &m, &again, d, device));
	check_same_file(straight, broken, "last.npz");
	check_same_file(straight, broken, "best.npz");
	check_same_metrics(straight, broken, 4);
	free_set(d);
}
END_TEST

START_TEST(a_folder_is_taken_only_as_it_was_meant)
{
	onn_dataset *d = make_set(60, 20, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight);
	clean(straight);
	o.resume = true;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "no checkpoint");
	o.resume = false;
	check_ok(onn_directory_make(straight));
	check_ok(onn_file_write(path_in(straight, "best.npz"), "old", 3));
	check_ok(onn_file_write(path_in(straight, "metrics.csv"), "old", 3));
	o.epochs = 1;
	check_ok(train_mlp(NULL, &m, &o, d, device));
	check_same_metrics(straight, straight, 1);
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "holds a run already");
	o.resume = true;
	o.epochs = 2;
	o.optimizer.rate = .02;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "lr 0.01, and 0.02");
	o.optimizer.rate = .01;
	m.absorber.depth = 3;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "od was 2 and is 3");
	m.absorber.depth = 2;
	check_ok(onn_file_write(path_in(straight, "last.npz"), "PK", 2));
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_FORMAT, "last.npz");
	clean(straight);
	free_set(d);
}
END_TEST

START_TEST(a_loss_that_is_not_finite_is_named_and_the_last_good_checkpoint_stays)
{
	onn_dataset *d = make_set(100, 30, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(straight);
	size_t bytes, after;
	m.activation = ONN_ACTIVATION_RELU;
	clean(straight);
	o.epochs = 2;
	check_ok(train_mlp(NULL, &m, &o, d, device));
	char *good = read_text(straight, "last.npz", &bytes);

	/* a rate that blows the weights up */
	o.optimizer.kind = ONN_OPTIMIZER_SGD;
	o.optimizer.rate = 1e30;
	o.optimizer.momentum = 0;
	o.out = broken;
	clean(broken);
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_NUMERIC, "epoch 1, step ");
	onn_model *model;
	check_ok(onn_model_load(&model, path_in(broken, "last.npz")));
	for (size_t i = 0; i < onn_model_count(model); i++)
		for (size_t k = 0; k < onn_array_count(onn_model_weight(model, i)); k++)
			ck_assert(isfinite(number(onn_model_weight(model, i), k)));
	onn_model_destroy(model);

	/* from the good checkpoint on, with weights made infinite, or so large that the loss is */
	onn_archive *archive;
	check_ok(onn_archive_load(&archive, path_in(straight, "last.npz")));
	onn_array *w;
	check_ok(onn_array_convert(&w, onn_archive_get(archive, "w0"), ONN_F32));
	((float *)onn_array_data(w))[0] = INFINITY;
	check_ok(onn_archive_put(archive, "w0", w));
	check_ok(onn_archive_save(archive, path_in(straight, "last.npz")));
	o = short_training(straight);
	o.resume = true;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_FORMAT,
	    "last.npz: array w0 holds inf at 0");
	for (size_t k = 0; k < onn_array_count(w); k++)
		((float *)onn_array_data(w))[k] = k % 2 ? 3e38f : -3e38f;
	check_ok(onn_archive_put(archive, "w0", w));
	check_ok(onn_archive_save(archive, path_in(straight, "last.npz")));
	char *bad = read_text(straight, "last.npz", &after);
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_NUMERIC, "epoch 3, step 1 ");
	size_t now;
	char *left = read_text(straight, "last.npz", &now);
	ck_assert(now == after && memcmp(left, bad, now) == 0);
	onn_free(good);
	onn_free(bad);
	onn_free(left);
	onn_array_destroy(w);
	onn_archive_destroy(archive);
	free_set(d);
}
END_TEST

START_TEST(wrong_options_and_sets_are_named)
{
	onn_dataset *d = make_set(20, 10, 8);
	onn_mlp m = network_for(d);
	onn_train_options o = short_training(NULL);
	onn_accuracy a;
	check_error(train_mlp(NULL, &m, &o, NULL, device), ONN_ERROR_ARGUMENT, "no data set");
	check_error(train_mlp(NULL, &m, &o, d, NULL), ONN_ERROR_ARGUMENT, "no device");
	check_error(onn_train(NULL, NULL, &o, d, device), ONN_ERROR_ARGUMENT, "no network");
	o.size = 12;
	check_error(
	    train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "ONN_TRAIN_OPTIONS_INIT");
	o = short_training(NULL);
	o.limits.size--;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "optimizer and limits");
	o = short_training(NULL);
	check_error(onn_model_evaluate(&a, NULL, device, d, NULL), ONN_ERROR_ARGUMENT, "no model");
	o.batch = 0;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "batch is 0");
	o.batch = 16;
	o.limits.low = 1;
	o.limits.high = 0;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "low <= high");
	o = short_training(NULL);
	o.resume = true;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "resume without out");
	o.resume = false;
	m.inputs = 9;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "8 pixels");
	m.inputs = 8;
	o.weights = "no such file.npz";
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_FILE, "no such file");
	free_set(d);
}
END_TEST

/* A program that was built when options had no callbacks. */
START_TEST(options_of_an_older_version_are_read_as_far_as_they_go)
{
	onn_dataset *d = make_set(20, 10, 8);
	onn_mlp m = network_for(d);
	onn_train_result r;
	onn_train_options o = short_training(NULL);
	int left = 1;
	o.user = &left;
	o.progress = count_down;
	o.size = offsetof(onn_train_options, user);
	check_ok(train_mlp(&r, &m, &o, d, device));
	ck_assert_uint_eq(r.run[0].epochs, 4);
	ck_assert_int_eq(left, 1);
	onn_train_result_clear(&r);
	free_set(d);
}
END_TEST

/* ---- MNIST ---- */

static onn_dataset *load_mnist(void)
{
	onn_dataset *d = NULL;
	if (onn_dataset_load(&d, "mnist", NULL, 0) &&
	    onn_dataset_load(&d, "mnist", ONN_SOURCE_DIR "/../shared/data", 0))
		return NULL;
	return d;
}

START_TEST(the_zero_gradient_on_mnist_trains_the_last_layer_alone)
{
	onn_dataset *d = load_mnist();
	if (!d) {
		printf("skipped: the zero gradient on MNIST, whose files are not found\n");
		return;
	}
	double accuracy[2];
	for (int zero = 0; zero < 2; zero++) {
		onn_mlp m = ONN_MLP_INIT;
		onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
		onn_train_result r;
		onn_model *begin, *end;
		m.absorber.gradient = zero ? ONN_GRADIENT_ZERO : ONN_GRADIENT_EXACT;
		o.epochs = 3;
		o.out = straight;
		clean(straight);
		check_ok(train_mlp(&r, &m, &o, d, device));
		accuracy[zero] = r.run[0].report_accuracy;
		onn_train_result_clear(&r);
		check_ok(create_mlp(&begin, &m, o.seed));
		check_ok(onn_model_load(&end, path_in(straight, "last.npz")));
		for (size_t i = 0; i < 3; i++) {
			bool same = memcmp(onn_array_data(onn_model_weight(begin, i)),
			                onn_array_data(onn_model_weight(end, i)),
			                onn_array_count(onn_model_weight(end, i)) * 4) == 0;
			ck_assert(same == (zero && i < 2));
		}
		onn_model_destroy(begin);
		onn_model_destroy(end);
	}
	printf("MNIST after 3 epochs: exact %.4f, zero %.4f\n", accuracy[0], accuracy[1]);
	ck_assert(accuracy[0] > .95);
	ck_assert(accuracy[1] < .9);
	clean(straight);
	onn_dataset_destroy(d);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	compiles = strncmp(onn_device_name(device), "opencl-pure", 11) == 0;
	own_name(straight, sizeof straight, "test_train_straight");
	own_name(broken, sizeof broken, "test_train_broken");
	int failed = run_tests("train",
	    (const TTest *[]){every_sample_trains_once_an_epoch_the_last_partial_batch_too,
	        gradients_of_the_network_agree_with_central_differences,
	        the_digits_are_learnt_by_exact_and_by_optical_gradients,
	        every_activation_loss_and_optimiser_lowers_the_loss,
	        limited_weights_stay_within_their_limits,
	        several_seeds_have_a_mean_and_folders_of_their_own,
	        the_best_epoch_is_chosen_on_one_half_and_reported_on_the_other,
	        a_run_that_stops_at_any_step_ends_with_the_same_bytes,
	        a_run_that_stops_while_an_epoch_is_measured_ends_with_the_same_bytes,
	        more_epochs_continue_a_finished_run, files_ahead_of_the_checkpoint_are_brought_back,
	        a_folder_is_taken_only_as_it_was_meant,
	        a_loss_that_is_not_finite_is_named_and_the_last_good_checkpoint_stays,
	        wrong_options_and_sets_are_named,
	        options_of_an_older_version_are_read_as_far_as_they_go, NULL});
	/* the reference, and OpenCL's own products on a processor, would take many minutes */
	if (strcmp(onn_device_name(device), "reference") != 0 && !compiles)
		failed |= run_tests("train on MNIST",
		    (const TTest *[]){
		        the_zero_gradient_on_mnist_trains_the_last_layer_alone, NULL});
	clean(straight);
	clean(broken);
	remove(straight);
	remove(broken);
	onn_device_destroy(device);
	return failed;
}
