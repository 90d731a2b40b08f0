"""Devices, tensors on them, and plans: graphs made ready to run."""
import ctypes
import threading

import numpy as np

from . import _api, arrays
from ._api import onn_device_options, onn_node
from ._library import Handle, check, create, lib, take_text
from .graph import Node

_default = None
_write, _read, _run = lib.onn_tensor_write, lib.onn_tensor_read, lib.onn_plan_run
_memory = (ctypes.c_char * 0).from_buffer  # where an array's numbers are, the fastest way to say it


class Device:
    """What runs plans: "c", "reference", "opencl:1", "auto" (the first GPU, else c) ...

    Without a name the environment's ONN_DEVICE, else "auto". `openmp`: a library whose threads it runs on, for programs
    that run on these themselves, such as "libgomp.so.1" (onn/device.h).
    """

    def __init__(self, name=None, threads=0, profile=False, check=False, openmp=None):
        options = onn_device_options(ctypes.sizeof(onn_device_options), threads, profile, check,
                                     openmp.encode() if openmp else None)
        self._handle = create(lib.onn_device_create, lib.onn_device_destroy,
                              name.encode() if name else None, ctypes.byref(options))
        self._address = self._handle.address

    @property
    def name(self):
        return lib.onn_device_name(self._address).decode()

    @property
    def description(self):
        return lib.onn_device_description(self._address).decode()

    @property
    def threads(self):
        return lib.onn_device_threads(self._address)

    def supports(self, dtype):
        """Whether elements of a type can be worked on: f64 needs fp64 on the device."""
        return lib.onn_device_supports(self._address, arrays.type_of(dtype))

    def __repr__(self):
        return f"<onn.Device {self.name}: {self.description}>"


def as_device(device):
    """A device: itself, the one of a name, or the one that all share who name none."""
    global _default
    if isinstance(device, Device):
        return device
    if device is not None:
        return Device(device)
    if _default is None:
        _default = Device()
    return _default


def devices():
    """What `onn devices` lists: names to descriptions."""
    rows, count = ctypes.c_void_p(), ctypes.c_size_t()
    check(lib.onn_device_list(ctypes.byref(rows), ctypes.byref(count)))
    info = ctypes.cast(rows, ctypes.POINTER(_api.onn_device_info))
    found = {info[i].name.decode(): info[i].description.decode() for i in range(count.value)}
    lib.onn_free(rows)
    return found


def _stay(_):
    """Of what is lent."""


class Tensor:
    """Numbers on a device."""

    def __init__(self, x, device=None):
        self.device = as_device(device)
        handle = arrays.to_array(x)
        self._handle = create(lib.onn_tensor_from_array, lib.onn_tensor_destroy,
                              self.device._address, handle.address, needs=(self.device._handle,))
        self._describe()

    @classmethod
    def empty(cls, shape, dtype="f64", device=None):
        """Zeros."""
        self = cls.__new__(cls)
        self.device = as_device(device)
        sizes, ndim = arrays.shape_of(shape)
        self._handle = create(lib.onn_tensor_create, lib.onn_tensor_destroy, self.device._address,
                              arrays.type_of(dtype), ndim, sizes, needs=(self.device._handle,))
        self._describe()
        return self

    @classmethod
    def _lent(cls, address, plan):
        """A plan's own."""
        self = cls.__new__(cls)
        self.device = plan.device
        self._handle = Handle(address, _stay, plan._handle)
        self._describe()
        return self

    def _describe(self):
        t = self._address = self._handle.address
        ndim = lib.onn_tensor_ndim(t)
        sizes = ctypes.cast(lib.onn_tensor_shape(t), ctypes.POINTER(ctypes.c_size_t))
        self.shape, self.dtype = tuple(sizes[:ndim]), arrays.DTYPES[lib.onn_tensor_type(t)]
        self.nbytes = lib.onn_tensor_count(t) * self.dtype.itemsize

    def write(self, x):
        """New numbers, of its shape or one that broadcasts to it."""
        # an array as it has to be is the usual case, and takes the shortest way
        if type(x) is not np.ndarray or x.dtype is not self.dtype or x.shape != self.shape \
                or not x.flags.c_contiguous:
            x = self._fit(np.asarray(x))
        try:
            memory = _memory(x)
        except TypeError:  # it is to be read only
            memory = x.ctypes.data
        status = _write(self._address, memory, self.nbytes)
        if status:
            check(status)

    def _fit(self, given):
        if given.shape != self.shape and given.ndim:
            raise ValueError(f"an array of shape {given.shape}; expected {self.shape}")
        if not np.can_cast(given.dtype, self.dtype, "same_kind"):
            raise TypeError(f"an array of {given.dtype}; expected {self.dtype}")
        return np.ascontiguousarray(np.broadcast_to(given, self.shape), self.dtype)

    def numpy(self, out=None):
        """A copy of its numbers on the host, into `out` if that is given."""
        if out is None:
            out = np.empty(self.shape, self.dtype)
        elif out.shape != self.shape or out.dtype != self.dtype or not out.flags.c_contiguous:
            raise ValueError(f"out is {out.dtype} {out.shape}; expected {self.dtype} {self.shape}")
        status = _read(_memory(out), self._address, self.nbytes)
        if status:
            check(status)
        return out

    def __array__(self, dtype=None, copy=None):
        x = self.numpy()
        return x if dtype is None else x.astype(dtype)

    def __dlpack__(self, **options):
        """A copy on the host, for other libraries' from_dlpack."""
        return self.numpy().__dlpack__(**options)

    def __dlpack_device__(self):
        return 1, 0  # the processor

    def __repr__(self):
        return f"<onn.Tensor {self.dtype} {list(self.shape)} on {self.device.name}>"


class Plan:
    """Nodes made ready to be computed on a device, as often as wanted.

    Called with the variables' numbers, in their order or by name, it gives the outputs as NumPy
    arrays: one for a node, a tuple for several. Of `early` outputs, the first ones, a run may be
    done in two parts: run(0) gives these, run(1) the others, from what run(0) has left.
    """

    def __init__(self, outputs, device=None, fuse=True, early=0, bind=True):
        nodes = [outputs] if isinstance(outputs, Node) else list(outputs)
        self.device = as_device(device)
        self._single = isinstance(outputs, Node)
        graph = nodes[0].graph
        options = _api.onn_plan_options(ctypes.sizeof(_api.onn_plan_options), not fuse, early)
        list_ = (onn_node * len(nodes))(*(x._node for x in nodes))
        self._handle = create(lib.onn_plan_create, lib.onn_plan_destroy, self.device._address,
                              graph._address, list_, len(nodes), ctypes.byref(options),
                              needs=(self.device._handle,))
        self._address = self._handle.address
        self._lock = threading.Lock()  # a plan is one thread's at a time
        self.inputs = {}
        for name, node in graph.variables.items() if bind else ():
            self.bind(name, Tensor.empty(node.shape, node.dtype, self.device))
        self._write = [t.write for t in self.inputs.values()]
        self.outputs = [Tensor._lent(lib.onn_plan_output(self._address, i), self)
                        for i in range(len(nodes))]

    def bind(self, name, tensor):
        """Gives a variable a tensor of one's own; plans may share it."""
        check(lib.onn_plan_bind(self._address, name.encode(), tensor._address))
        self.inputs[name] = tensor
        self._write = [t.write for t in self.inputs.values()]

    def run(self, part=None):
        """With what the inputs hold; the results are in `outputs`."""
        status = _run(self._address) if part is None else lib.onn_plan_run_part(self._address, part)
        if status:
            check(status)

    def __call__(self, *values, **named):
        if len(values) > len(self._write):
            raise TypeError(f"{len(values)} inputs; expected {', '.join(self.inputs) or 'none'}")
        with self._lock:
            for write, x in zip(self._write, values):
                write(x)
            for name, x in named.items():
                if name not in self.inputs:
                    raise TypeError(f"no input {name!r}; expected {', '.join(self.inputs) or 'none'}")
                self.inputs[name].write(x)
            self.run()
            if self._single:
                return self.outputs[0].numpy()
            return tuple([t.numpy() for t in self.outputs])

    @property
    def nbytes(self):
        """Memory of its own: temporaries, constants, outputs."""
        return lib.onn_plan_bytes(self._address)

    @property
    def steps(self):
        return lib.onn_plan_steps(self._address)

    def describe(self):
        """The steps with their shapes, and how the device does each."""
        return take_text(lib.onn_plan_describe(self._address))

    def profile(self):
        """Time of each step so far, on a device opened with profile=True."""
        return take_text(lib.onn_plan_profile(self._address))

    def __repr__(self):
        return (f"<onn.Plan of {self.steps} steps on {self.device.name}, "
                f"inputs: {', '.join(self.inputs) or 'none'}>")
