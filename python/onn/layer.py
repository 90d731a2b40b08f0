"""Kinds of layers of a program's own, as functions of Python on nodes."""
import ctypes
from collections import namedtuple

from . import _api
from ._library import check, lib, pending
from .graph import Graph, Node, as_node
from .optics import Field, Grid, Light
from .settings import choice

_TAKES = ("numbers", "list", "image", "images", "light")
_ARGUMENT = _api.NUMBERS["ONN_ERROR_ARGUMENT"]
_kinds = []  # what the library points to, for as long as the process lives

Weight = namedtuple("Weight", "shape mean std fixed", defaults=((), 0.0, 0.1, False))
Weight.__doc__ = """Numbers that a layer learns: their shape, and the mean and deviation that they begin with."""


def layer(name, forward, takes="numbers", settings=None, weights=None, shape=None, summary=None):
    """Makes a kind of layer known to every network of the process, under a name of its own.

        onn.layer("amplifier", lambda x, w, depth: x * np.exp(w["gain"] * depth / (1 + x * x)),
                  settings={"depth": 1.0}, weights={"gain": 0.5})
        onn.Network(["flatten", ("amplifier", {"depth": 2.0}), ("linear", {"outputs": 10})])

    forward   (x, weights, **settings) gives a node: x is a node [batch, ...]; with takes="light" a
              Field, and it gives a Field on the same grid, or a node where `shape` is given
    takes     "numbers" of any shape, a "list", an "image", "images" with channels, or "light"
    settings  numbers by name, with their standard values
    weights   by name: a Weight, or a number for one that begins as it; or a function of the shape
              that comes in, and of the settings by name, that gives them
    shape     a function of the shape that comes in, and of the settings, that gives what comes out;
              None: the same
    """
    kind = _Kind(name, forward, choice("takes", takes, _TAKES), dict(settings or {}), weights, shape)
    row = _api.onn_layer_kind(ctypes.sizeof(_api.onn_layer_kind), name.encode(),
                              (summary or f"{name}, a function of Python").encode(),
                              _TAKES.index(takes))
    kind.fill(row)
    check(lib.onn_layer_register(ctypes.byref(row)))
    _kinds.append((kind, row))


def _guarded(function, failed):
    """Nothing may be raised through C: it is kept for the exception that follows."""
    def call(*arguments):
        try:
            return function(*arguments)
        except Exception as error:
            pending.error = error
            text = f"{type(error).__name__}: {error}".replace("%", "%%").encode()
            return failed(text, *arguments)
    return call


def _refuse(text, *_):
    return lib.onn_set_error(_ARGUMENT, text)


def _fail(text, flow, call):
    graph = _api.onn_layer_call.from_address(call).g
    _api.onn_flow.from_address(flow).x = lib.onn_fail(graph, _ARGUMENT, text)


class _Kind:
    """The functions that the library calls."""

    def __init__(self, name, forward, takes, settings, weights, shape):
        self.name, self.call, self.light = name, forward, _TAKES[takes] == "light"
        self.settings, self.own_weights, self.own_shape = settings, weights or {}, shape
        self.starts = {}  # lent to the library
        self.values = type("Values", (ctypes.Structure,), {
            "_fields_": [(key, ctypes.c_double) for key in settings]})

    def fill(self, row):
        kinds = dict(_api.onn_layer_kind._fields_)
        row.forward = kinds["forward"](_guarded(self.forward, _fail))
        row.shape = kinds["shape"](_guarded(self.shape, _refuse))
        row.weights = kinds["weights"](_guarded(self.weights, lambda *_: 0))
        if self.light:
            row.looks_at = kinds["looks_at"](("onn_looks_at_whole", lib._file))
        if self.settings:
            table = ctypes.addressof(self.table())
            row.settings = kinds["settings"](lambda: table)
        self.row = row

    def table(self):
        rows = (_api.onn_setting * len(self.settings))()
        for row, (key, _, offset) in zip(rows, self.places()):
            row.name, row.offset = key.encode(), offset
            row.kind = _api.NUMBERS["ONN_SETTING_REAL"]
        standard = self.values(*(float(x) for x in self.settings.values()))
        made = _api.onn_settings(self.name.encode(), ctypes.addressof(rows), len(rows),
                                 ctypes.sizeof(standard), ctypes.addressof(standard))
        self.kept = rows, standard, made
        return made

    def places(self):
        return [(key, kind, getattr(self.values, key).offset) for key, kind in self.values._fields_]

    def given(self, address):
        if not self.settings:
            return {}
        values = self.values.from_address(address)
        return {key: getattr(values, key) for key in self.settings}

    # ---- what the library calls ----

    def shape(self, signal, values, _):
        if self.own_shape is None:
            return 0
        found = _api.onn_signal.from_address(signal)
        sizes = tuple(int(n) for n in self.own_shape(_incoming(found), **self.given(values)))
        if len(sizes) > len(found.shape):
            raise ValueError(f"its shape gives {sizes}; expected at most {len(found.shape)} sizes")
        found.light, found.ndim = False, len(sizes)
        found.shape[:len(sizes)] = sizes
        return 0

    def rows(self, signal, values):
        rows = self.own_weights
        if callable(rows):
            rows = rows(_incoming(signal), **self.given(values))
        return {key: w if isinstance(w, Weight) else Weight(mean=float(w), std=0.0)
                for key, w in rows.items()}

    def weights(self, out, values, signal, ordinal):
        rows = self.rows(_api.onn_signal.from_address(signal), values)
        most = _api.NUMBERS["ONN_LAYER_MAX_WEIGHTS"]
        if len(rows) > most:
            raise ValueError(f"{len(rows)} weights; expected at most {most}")
        list_ = (_api.onn_weight * most).from_address(out)
        for row, (key, weight) in zip(list_, rows.items()):
            if len(weight.shape) > len(row.shape):
                raise ValueError(f"weight {key} is {weight.shape}; expected at most {len(row.shape)} axes")
            row.name = f"{self.name}{ordinal}.{key}".encode()[:_api.NUMBERS["ONN_WEIGHT_NAME"] - 1]
            row.ndim, row.fixed = len(weight.shape), weight.fixed
            row.shape[:row.ndim] = weight.shape
            begin = float(weight.mean), float(weight.std)
            start = self.starts.setdefault(begin, _api.onn_weight_start(
                ctypes.sizeof(_api.onn_weight_start), *begin, False))
            row.start = ctypes.addressof(start)
        return len(rows)

    def forward(self, flow, call):
        to, call = _api.onn_flow.from_address(flow), _api.onn_layer_call.from_address(call)
        graph = Graph._lent(call.g)
        named = self.rows(getattr(call, "in"), call.layer)
        leaf = ctypes.cast(call.weight, ctypes.POINTER(_api.onn_node))
        with graph:
            weights = {key: Node(graph, _api.onn_node(leaf[i].id)) for i, key in enumerate(named)}
            made = self.call(self.operand(graph, to), weights, **self.given(call.layer))
            to.x = as_node(getattr(made, "e", made), graph)._node

    def operand(self, graph, flow):
        if not self.light:
            return Node(graph, _api.onn_node(flow.x.id))
        lib.onn_flow_widen(ctypes.byref(flow), graph._address)
        is_ = getattr(flow, "is")
        wave = Light._of(is_.beam)
        return Field(Node(graph, _api.onn_node(flow.x.id)).astype(wave.dtype), Grid._of(is_.grid), wave)


def _incoming(signal):
    return (signal.grid.ny, signal.grid.nx) if signal.light else tuple(signal.shape[:signal.ndim])
