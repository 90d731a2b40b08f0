"""Networks: lists of layers, their training, and what they predict."""
import ctypes
import json
import os
import tempfile
from collections import namedtuple

import numpy as np

from . import _api, arrays
from ._library import check, create, lib, take_text
from .callbacks import Callbacks, row
from .data import Dataset, load_dataset
from .plan import as_device
from .settings import Settings, as_text

Progress = namedtuple("Progress", "seed run runs epoch epochs step steps seconds")
Epoch = namedtuple("Epoch", "epoch epochs train_loss selection_accuracy report_accuracy seconds best")
Accuracy = namedtuple("Accuracy", "all selection report count")


class Network:
    """A list of layers.

        onn.Network(["flatten", ("linear", {"outputs": 128}), ("absorber", {"od": 10}),
                     ("linear", {"outputs": 10})], loss="nll")

    Each is a kind, a kind with settings, or {"layer": kind, ...} as in a file for `onn train net`.
    What is given by name is of the network: input, classes, precision, loss ...
    """

    def __init__(self, layers, **options):
        self._take({"model": "network", **options, "layers": [_layer(x) for x in layers]})

    @classmethod
    def preset(cls, name, **settings):
        """"mlp", "cnn" or "d2nn" with settings of theirs."""
        self = cls.__new__(cls)
        self._take({"model": name, **settings})
        return self

    @classmethod
    def load(cls, path):
        """A list in a JSON file."""
        return cls._of(create(lib.onn_network_load, lib.onn_network_destroy, str(path).encode()))

    @classmethod
    def _of(cls, handle):
        self = cls.__new__(cls)
        self._handle, self._address = handle, handle.address
        return self

    def _take(self, description):
        text = json.dumps(description, default=_plain).encode()
        self._handle = create(lib.onn_network_from_json, lib.onn_network_destroy, text)
        self._address = self._handle.address

    @property
    def layers(self):
        """The list, each layer a dictionary."""
        return json.loads(take_text(lib.onn_network_list_to_json(self._address)))["layers"]

    def json(self):
        """Its description."""
        return take_text(lib.onn_network_to_json(self._address))

    def train(self, dataset="digits", device=None, out=None, resume=False, weights=None,
              progress=None, epoch=None, log=None, **options):
        """Trains it, and gives the Training: its models, its epochs, its accuracy.

        dataset   a Dataset, or what load_dataset takes
        out       a folder for the run, as of `onn train --out`; resume: go on with one
        progress  called with a Progress after each step; true: stop, raising Cancelled
        epoch     called with an Epoch after each
        log       called with lines for a person
        options   batch, epochs, seed, seeds, optimizer, lr, momentum ...: those of onn train
        """
        if not isinstance(dataset, Dataset):
            dataset = load_dataset(dataset)
        with tempfile.TemporaryDirectory() as folder:
            chosen = _TrainOptions(**options)
            return _train(self, dataset, as_device(device), chosen, str(out or folder), resume,
                          weights, (progress, epoch, log))

    def model(self, seed=0):
        """With weights drawn from a seed, not trained."""
        return Model(create(lib.onn_model_create, lib.onn_model_destroy, self._address, seed))

    def __repr__(self):
        kinds = (lib.onn_network_kind(self._address, i).decode()
                 for i in range(lib.onn_network_layers(self._address)))
        return f"<onn.Network {lib.onn_network_model(self._address).decode()}: {', '.join(kinds)}>"


def _layer(given):
    """Any of the ways to write a layer as the object of a file."""
    if isinstance(given, str):
        return {"layer": given}
    if isinstance(given, dict):
        return given
    kind, settings = given
    return {"layer": kind, **settings}


def _plain(x):
    """What json does not know: numbers and arrays of NumPy."""
    return x.dict() if isinstance(x, Settings) else np.asarray(x).tolist()


class _TrainOptions(Settings):
    _type, _table = _api.onn_train_options, "onn_train_settings"


def _set_callbacks(options, calls, progress, epoch, log):
    kinds = dict(_api.onn_train_options._fields_)

    def on_step(_, address):
        if not progress:  # where Ctrl-C is seen
            return bool(calls.raised)
        return calls.call(progress, row(_api.onn_train_progress, address, Progress))

    def on_epoch(_, address):
        calls.call(epoch, row(_api.onn_train_epoch, address, Epoch))

    def on_line(_, line):
        calls.call(log, line.decode())

    def on_batch(_):  # while an epoch is measured
        return bool(calls.raised)

    options.progress = kinds["progress"](on_step)
    options.stop = kinds["stop"](on_batch)
    options.epoch = kinds["epoch"](on_epoch)
    options.log = kinds["log"](on_line)


def _train(network, dataset, device, chosen, out, resume, weights, functions):
    options, calls = chosen._values, Callbacks()
    options.out, options.resume = out.encode(), resume
    options.weights = str(weights).encode() if weights else None
    _set_callbacks(options, calls, *functions)
    result = _api.onn_train_result()
    pointer = ctypes.byref(result)
    try:
        with calls.guard():
            status = lib.onn_train(pointer, network._address, ctypes.byref(options),
                                   dataset._address, device._address)
        check(status)
        return Training(result, out)
    finally:
        lib.onn_train_result_clear(pointer)


class Training:
    """What a training came to. `model` is that of the best epoch, of several seeds of the first."""

    def __init__(self, result, folder):
        runs = ctypes.cast(result.run, ctypes.POINTER(_api.onn_train_run))[:result.count]
        several = result.count > 1
        folders = [os.path.join(folder, f"seed-{r.seed}") if several else folder for r in runs]
        self.models = [Model.load(os.path.join(f, "best.npz")) for f in folders]
        self.model = self.models[0]
        self.history = [[_epoch(row) for row in
                         ctypes.cast(r.epoch, ctypes.POINTER(_api.onn_train_epoch))[:r.epochs]]
                        for r in runs]
        self.epochs = self.history[0]
        self.accuracy, self.deviation = result.mean, result.deviation
        self.seconds = sum(r.seconds for r in runs)

    def __repr__(self):
        return (f"<onn.Training of {len(self.epochs)} epochs, accuracy {self.accuracy:.4f}, "
                f"{self.seconds:.3g} s>")

    def _repr_html_(self):
        rows = "".join(f"<tr><td>{e.epoch}</td><td>{e.train_loss:.5g}</td>"
                       f"<td>{e.report_accuracy:.4f}</td></tr>" for e in self.epochs)
        return f"<table><tr><th>epoch</th><th>loss</th><th>accuracy</th></tr>{rows}</table>"


def _epoch(row):
    return Epoch(*(getattr(row, name) for name in Epoch._fields))


class _EvaluateOptions(Settings):
    _type, _table = _api.onn_evaluate_options, "onn_evaluate_settings"


class Model:
    """A network and its weights."""

    def __init__(self, handle):
        self._handle, self._address = handle, handle.address

    @classmethod
    def load(cls, path):
        """best.npz or last.npz of a run, or what `save` wrote; or a run's folder."""
        path = os.path.join(path, "best.npz") if os.path.isdir(path) else str(path)
        return cls(create(lib.onn_model_load, lib.onn_model_destroy, path.encode()))

    def save(self, path):
        """Weights and description as .npz."""
        check(lib.onn_model_save(self._address, str(path).encode()))

    @property
    def network(self):
        copy = create(lib.onn_network_copy, lib.onn_network_destroy,
                      lib.onn_model_network(self._address))
        return Network._of(copy)

    @property
    def weights(self):
        """By name, the library's own memory: to be written, too."""
        return {lib.onn_model_name(self._address, i).decode():
                arrays.view(lib.onn_model_weight(self._address, i), self._handle)
                for i in range(lib.onn_model_count(self._address))}

    def _images(self, x, scale):
        x = np.asarray(x)
        return arrays.to_array(x), float(scale or (255 if x.dtype == np.uint8 else 1))

    def outputs(self, x, scale=None, device=None):
        """[n, classes] for images [n, ...]; scale: full scale, 255 for u8, else 1."""
        images, scale = self._images(x, scale)
        return arrays.take(lib.onn_model_predict, self._address, as_device(device)._address,
                           images.address, scale)

    def predict(self, x, scale=None, device=None):
        """The classes of images."""
        return self.outputs(x, scale, device).argmax(-1)

    def planes(self, x, scale=None, device=None):
        """The intensity at every plane of a network of light, [n, planes, y, x]."""
        images, scale = self._images(x, scale)
        return arrays.take(lib.onn_model_planes, self._address, as_device(device)._address,
                           images.address, scale)

    def evaluate(self, dataset="digits", device=None, **errors):
        """Accuracy on a test set; errors: weight_noise, misalign, phase_noise, levels ..."""
        if not isinstance(dataset, Dataset):
            dataset = load_dataset(dataset)
        options, accuracy = _EvaluateOptions(**errors), _api.onn_accuracy()
        check(lib.onn_model_evaluate(ctypes.byref(accuracy), self._address,
                                     as_device(device)._address, dataset._address,
                                     options._pointer))
        return Accuracy(*(getattr(accuracy, name) for name in Accuracy._fields))

    def __repr__(self):
        count = sum(w.size for w in self.weights.values())
        return f"<onn.Model of {count} weights, {self.network!r}>"
