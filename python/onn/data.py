"""Data sets: those with a name, and one's own."""
import ctypes

import numpy as np

from . import _api, arrays
from ._library import Handle, create, lib


class Dataset:
    """Images and labels to train and to test with; see load_dataset."""

    def __init__(self, handle):
        self._handle, self._address = handle, handle.address
        self._set = ctypes.cast(handle.address, ctypes.POINTER(_api.onn_dataset)).contents

    @classmethod
    def of(cls, x, y, x_test=None, y_test=None, name="own", classes=None):
        """Of arrays: images [n, height, width], u8 (full scale 255) or floats in [0, 1]; labels [n].

        Without a test part the training part is tested on.
        """
        x_test, y_test = (x, y) if x_test is None else (x_test, y_test)
        images = [x if x.dtype == np.uint8 else np.asarray(x, np.float32)
                  for x in map(np.asarray, (x, x_test))]
        labels = [np.asarray(v, np.int32) for v in (y, y_test)]
        parts = [arrays.to_array(part) for part in
                 (images[0], labels[0], images[1], labels[1])]
        classes = classes or int(max(v.max() for v in labels)) + 1
        made = _api.onn_dataset(name.encode()[:63], *(p.address for p in parts),
                                *images[0].shape[-2:], classes,
                                255 if images[0].dtype == np.uint8 else 1)
        handle = Handle(ctypes.addressof(made), lambda _, kept=made: None, *parts)
        return cls(handle)

    @property
    def name(self):
        return self._set.name.decode()

    @property
    def classes(self):
        return self._set.classes

    @property
    def scale(self):
        """The number that means full scale."""
        return self._set.scale

    def _part(self, name):
        return arrays.view(getattr(self._set, name), self._handle, writable=False)

    @property
    def train_x(self): return self._part("train_x")

    @property
    def train_y(self): return self._part("train_y")

    @property
    def test_x(self): return self._part("test_x")

    @property
    def test_y(self): return self._part("test_y")

    def __repr__(self):
        return (f"<onn.Dataset {self.name}: {len(self.train_x)} images of "
                f"{self._set.height} x {self._set.width} to train with, {len(self.test_x)} to test, "
                f"{self.classes} classes>")


def load_dataset(name, directory=None, seed=0):
    """A set by name ("digits", which comes with the library, "mnist" ...), or an .npz's path."""
    return Dataset(create(lib.onn_dataset_load, lib.onn_dataset_destroy, str(name).encode(),
                          str(directory).encode() if directory else None, seed))
