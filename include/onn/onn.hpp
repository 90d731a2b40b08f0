/**
 * @file
 * The library in C++11 and newer: handles that own, and errors that are thrown.
 *
 * A handle holds one object of the library and destroys it at its end. It moves and does not copy,
 * as std::unique_ptr, and goes wherever a function of the C headers takes a pointer. All of the
 * library is called by those functions; wrapped here is what everyone needs: devices, graphs,
 * plans, tensors and arrays.
 *
 * What fails throws onn::error with the library's text and status. A graph keeps the first error of
 * its builders, which plan's constructor throws. A handle does not keep alive what its object needs:
 * declare a device before its plans and tensors, so that it goes after them.
 *
 * @code
 * onn::device device("c");
 * onn::graph g;
 * onn_node x = onn_variable(g, "x", ONN_F64, 0, nullptr);
 * onn::plan plan(device, g, {onn_square(g, x)});
 * onn::tensor in(device, ONN_F64, {});
 * in.write(std::vector<double>{3});
 * plan.bind("x", in);
 * plan.run();
 * double nine = plan.read<double>(0)[0];
 * @endcode
 */
#ifndef ONN_ONN_HPP
#define ONN_ONN_HPP

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include <onn/onn.h>

namespace onn
{

/** A call that failed: what() is onn_last_error() as it was then. */
class error : public std::runtime_error
{
      public:
	error(onn_status status, const std::string &text)
	    : std::runtime_error(text), status_(status)
	{
	}
	/** What the call returned. */
	onn_status status() const noexcept { return status_; }

      private:
	onn_status status_;
};

/** Throws where a call of the C functions did not return ONN_OK. */
inline void check(onn_status status)
{
	if (status != ONN_OK)
		throw error(status, onn_last_error());
}

/** Owns one object, or none. */
template <typename T, void (*destroy)(T *)> class handle
{
      public:
	handle() noexcept : object_(nullptr) {}
	/** Takes over what a function of C made. */
	explicit handle(T *object) noexcept : object_(object) {}
	handle(handle &&other) noexcept : object_(other.release()) {}
	handle(const handle &) = delete;
	handle &operator=(const handle &) = delete;
	handle &operator=(handle &&other) noexcept
	{
		if (this != &other)
			reset(other.release());
		return *this;
	}
	~handle() { destroy(object_); }

	/** Lent: what a function of C takes. */
	T *get() const noexcept { return object_; }
	operator T *() const noexcept { return object_; }
	/** Gives it to the caller, who destroys it. */
	T *release() noexcept
	{
		T *object = object_;
		object_ = nullptr;
		return object;
	}
	void reset(T *object = nullptr) noexcept
	{
		destroy(object_);
		object_ = object;
	}
	/** Where a function of C puts what it makes: onn_dataset_load(set.put(), ...). */
	T **put() noexcept
	{
		reset();
		return &object_;
	}

      private:
	T *object_;
};

/** A device by name, as onn_device_create. */
class device : public handle<onn_device, onn_device_destroy>
{
      public:
	using handle::handle;
	device() noexcept {}
	explicit device(const char *name, const onn_device_options *options = nullptr)
	{
		check(onn_device_create(put(), name, options));
	}
	std::string name() const { return onn_device_name(get()); }
};

/** A graph, empty at first; builders of C take it. */
class graph : public handle<onn_graph, onn_graph_destroy>
{
      public:
	using handle::handle;
	graph() { check(onn_graph_create(put())); }
	/** Throws the first error of its builders. */
	void check_builders() const
	{
		if (onn_graph_status(get()) != ONN_OK)
			throw error(onn_graph_status(get()), onn_graph_error(get()));
	}
};

/** Numbers on a device. */
class tensor : public handle<onn_tensor, onn_tensor_destroy>
{
      public:
	using handle::handle;
	tensor() noexcept {}
	/** Zeros of a shape; {} is one number. */
	tensor(onn_device *on, onn_type type, const std::vector<size_t> &shape)
	{
		check(onn_tensor_create(put(), on, type, shape.size(), shape.data()));
	}
	/** All its elements, in order; T is what its type is in C. */
	template <typename T> void write(const std::vector<T> &from)
	{
		check(onn_tensor_write(get(), from.data(), from.size() * sizeof(T)));
	}
	template <typename T> std::vector<T> read() const
	{
		std::vector<T> into(onn_tensor_count(get()));
		check(onn_tensor_read(into.data(), get(), into.size() * sizeof(T)));
		return into;
	}
};

/** Numbers on the host, and in .npy files. */
class array : public handle<onn_array, onn_array_destroy>
{
      public:
	using handle::handle;
	array() noexcept {}
	array(onn_type type, const std::vector<size_t> &shape)
	{
		check(onn_array_create(put(), type, shape.size(), shape.data()));
	}
	explicit array(const std::string &path) { check(onn_array_load(put(), path.c_str())); }
	void save(const std::string &path) const { check(onn_array_save(get(), path.c_str())); }
	std::vector<size_t> shape() const
	{
		const size_t *s = onn_array_shape(get());
		return std::vector<size_t>(s, s + onn_array_ndim(get()));
	}
};

/** A graph made ready for a device. */
class plan : public handle<onn_plan, onn_plan_destroy>
{
      public:
	using handle::handle;
	plan() noexcept {}
	plan(onn_device *on, onn_graph *g, std::initializer_list<onn_node> outputs,
	    const onn_plan_options *options = nullptr)
	{
		check(onn_plan_create(put(), on, g, outputs.begin(), outputs.size(), options));
	}
	plan(onn_device *on, onn_graph *g, const std::vector<onn_node> &outputs,
	    const onn_plan_options *options = nullptr)
	{
		check(onn_plan_create(put(), on, g, outputs.data(), outputs.size(), options));
	}
	/** The tensor has to be there as long as the plan runs with it. */
	void bind(const char *name, onn_tensor *t) { check(onn_plan_bind(get(), name, t)); }
	void run() { check(onn_plan_run(get())); }
	/** An output; waits for the run. T is what its type is in C. */
	template <typename T> std::vector<T> read(size_t i) const
	{
		const onn_tensor *t = onn_plan_output(get(), i);
		if (!t)
			throw error(ONN_ERROR_ARGUMENT, "onn::plan::read: there is no such output");
		std::vector<T> into(onn_tensor_count(t));
		check(onn_tensor_read(into.data(), t, into.size() * sizeof(T)));
		return into;
	}
};

} // namespace onn

#endif
