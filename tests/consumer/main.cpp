// An outside program in C++: handles that own, move and throw.
#include <onn/onn.hpp>

#include <cmath>
#include <cstdio>
#include <type_traits>
#include <utility>

static_assert(!std::is_copy_constructible<onn::tensor>::value, "two handles would own one tensor");
static_assert(std::is_nothrow_move_constructible<onn::plan>::value, "a plan cannot move");

static int failures;

static void expect(bool holds, const char *what)
{
	if (!holds) {
		std::printf("FAILED: %s\n", what);
		failures++;
	}
}

static void computes(onn::device &device)
{
	onn_absorber absorber = ONN_ABSORBER_INIT;
	absorber.gradient = ONN_GRADIENT_EXACT;
	onn::graph g;
	onn_node x = onn_variable(g, "x", ONN_F64, 0, nullptr);
	onn_node y = onn_saturable_absorber(g, x, &absorber), slope;
	onn::check(onn_gradient(&slope, g, y, ONN_NULL_NODE, &x, 1));
	onn::plan plan(device, g, {y, slope});
	onn::tensor in(device, ONN_F64, {});
	in.write(std::vector<double>{2});
	plan.bind("x", in);

	onn::plan moved(std::move(plan));
	expect(!plan.get() && moved.get(), "a plan moves");
	moved.run();
	expect(std::fabs(moved.read<double>(0)[0] - 0.735758882343) < 1e-12, "the output");
	expect(std::fabs(moved.read<double>(1)[0] - 0.956486547046) < 1e-12, "the derivative");
	expect(in.read<double>() == std::vector<double>{2}, "a tensor reads back");
	moved = onn::plan();
	expect(!moved.get(), "an empty one takes a plan's place");
}

static void throws_what_the_library_says(onn::device &device)
{
	try {
		onn::device none("nowhere");
		expect(false, "a device that there is not throws");
	} catch (const onn::error &e) {
		expect(e.status() != ONN_OK &&
		           std::string(e.what()).find("nowhere") != std::string::npos,
		    "the error has a status and names what was given");
	}
	try {
		onn::graph g;
		const size_t two[] = {2}, three[] = {3};
		onn_node sum = onn_add(g, onn_variable(g, "a", ONN_F32, 1, two),
		    onn_variable(g, "b", ONN_F32, 1, three));
		onn::plan plan(device, g, {sum});
		expect(false, "a graph's error throws where it becomes a plan");
	} catch (const onn::error &e) {
		expect(e.status() == ONN_ERROR_ARGUMENT, "the status is the builder's");
	}
	try {
		onn::tensor t(device, ONN_F32, {4});
		t.write(std::vector<double>(4));
		expect(false, "numbers of another type throw");
	} catch (const onn::error &) {
	}
}

int main()
{
	onn::device device("c");
	computes(device);
	throws_what_the_library_says(device);
	onn::array a(ONN_F32, {2, 3});
	expect(a.shape() == std::vector<size_t>({2, 3}), "an array's shape");
	return failures != 0;
}
