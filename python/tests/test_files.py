"""Files of this field, read and written, against what others make of them."""
import struct
import warnings

import numpy as np
import pytest

import onn

field = (np.arange(12).reshape(3, 4) * (1 - 0.5j)).astype(np.complex64)


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.npz:x", "a.safetensors:x", "a.mat", "a.mat:x"])
def test_arrays_come_back(tmp_path, name):
    onn.save(tmp_path / name, field)
    back = onn.load(tmp_path / name)
    assert back.dtype == field.dtype and (back == field).all()


def test_pictures_come_back(tmp_path):
    grey = np.linspace(0, 1, 20).reshape(4, 5)
    onn.save(tmp_path / "grey.png", grey)
    assert np.abs(onn.load(tmp_path / "grey.png") - grey).max() <= .5 / 65535 + 1e-12
    with pytest.raises(onn.UnsupportedError, match="expected .png or .tif"):
        onn.save(tmp_path / "grey.jpg", grey)


def test_numbers_that_a_picture_cuts_are_counted(tmp_path):
    outside = np.array([[-3.0, 0.5, 1], [0, 7, 1.5]])
    with pytest.warns(onn.ClipWarning, match="grey.png: 3 of 6 numbers were cut .* from -3 to 7; expected") as found:
        onn.save(tmp_path / "grey.png", outside)
    assert found[0].filename == __file__
    assert (onn.load(tmp_path / "grey.png") == [[0, 32768 / 65535, 1], [0, 1, 1]]).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        onn.save(tmp_path / "fits.png", np.clip(outside, 0, 1))
        onn.save(tmp_path / "bytes.png", np.arange(256, dtype=np.uint8).reshape(16, 16))
        onn.save(tmp_path / "any.npy", outside)
        try:
            onn.save(tmp_path / "floats.tif", outside, bits=32)
        except onn.UnsupportedError:  # a build without libtiff
            return
    assert (onn.load(tmp_path / "floats.tif") == outside).all()


def test_what_numpy_and_scipy_write_is_read(tmp_path):
    np.savez(tmp_path / "two.npz", a=field, b=np.arange(3))
    assert (onn.load(tmp_path / "two.npz:a") == field).all()
    with pytest.raises(onn.FormatError, match="one of a, b"):
        onn.load(tmp_path / "two.npz")
    io = pytest.importorskip("scipy.io")
    for packed in (False, True):
        io.savemat(tmp_path / "two.mat", {"a": field, "b": np.arange(3)}, do_compression=packed)
        assert (onn.load(tmp_path / "two.mat:a") == field).all()
        onn.save(tmp_path / "two.mat:c", field.real)
        x = io.loadmat(tmp_path / "two.mat")
        assert (x["a"] == field).all() and (x["b"] == [[0, 1, 2]]).all() and (x["c"] == field.real).all()


def test_hdf5_is_that_of_h5py(tmp_path):
    h5py = pytest.importorskip("h5py")
    try:
        onn.save(tmp_path / "onn.h5:/light/field", field)
    except onn.UnsupportedError as error:
        pytest.skip(str(error))
    onn.save(tmp_path / "onn.h5:/n", np.arange(5))
    with h5py.File(tmp_path / "onn.h5") as file:
        assert file["light/field"].dtype == field.dtype and (file["light/field"][:] == field).all()
        assert (file["n"][:] == np.arange(5)).all()
    for version in "earliest", ("v110", "v110"):
        with h5py.File(tmp_path / "h5py.h5", "w", libver=version) as file:
            file.create_dataset("g/x", data=field.astype("c16"), chunks=(2, 2), compression="gzip")
        assert (onn.load(tmp_path / "h5py.h5:/g/x") == field).all()


def test_levels_become_rectangles_of_their_area(tmp_path):
    phase = 2 * np.pi / 8 * (np.add.outer(np.arange(12) ** 2, np.arange(10)) % 8)
    level = onn.levels(phase, 8)
    assert level.shape == phase.shape and ((level - level[0, 0]) % 8 == np.round(phase * 8 / 2 / np.pi)).all()
    cell, = onn.save_gds(tmp_path / "a.gds", level, "2um", feature="3um")
    assert cell.narrowest == pytest.approx(2e-6) and cell.narrower > 0 and cell.layers == 8
    data, at, area = (tmp_path / "a.gds").read_bytes(), 0, {}
    while at < len(data):
        size, kind = struct.unpack_from(">HH", data, at)
        if kind == 0x0D02:
            layer, = struct.unpack_from(">h", data, at + 4)
        if kind == 0x1003:
            x0, y0, _, _, x1, y1 = struct.unpack_from(">6i", data, at + 4)
            area[layer] = area.get(layer, 0) + (x1 - x0) * (y1 - y0)
        at += size
    assert area == {k: 2000 * 2000 * np.sum(level == k) for k in range(8)}
    masks, = onn.save_gds(tmp_path / "b.gds", level, "2um", layers="masks")
    assert masks.layers == 3 and masks.rectangles < 3 * level.size
    with pytest.raises(TypeError, match="whole numbers"):
        onn.save_gds(tmp_path / "c.gds", phase, "2um")


def test_phases_go_to_opticstudio_and_back(tmp_path):
    phase = np.random.default_rng(0).uniform(0, 6, (6, 7))
    onn.save_zemax(tmp_path / "a.dat", phase, "8um")
    back, grid = onn.load_zemax(tmp_path / "a.dat")
    assert np.abs(back - phase).max() < 1e-8
    assert np.allclose(grid.pitch, 8e-6) and np.allclose(grid.centre, 0, atol=1e-15)
    assert np.abs(onn.load(tmp_path / "a.dat") - phase).max() < 1e-8


def test_solids_are_written(tmp_path):
    onn.save_stl(tmp_path / "flat.stl", np.zeros((4, 4)), "8um")
    assert (tmp_path / "flat.stl").stat().st_size == 784


def test_patterns_show_what_is_wanted(tmp_path):
    phase, flatness = np.random.default_rng(1).uniform(-9, 9, (2, 8, 9))
    level = np.arange(256)
    lut, flat = 7 * (level / 255) ** 1.3, tmp_path / "flat.mat"
    np.savetxt(tmp_path / "lut.txt", lut, header="phases")
    np.savetxt(tmp_path / "some.csv", np.stack([level, lut], 1)[::5], delimiter=", ")
    onn.save(flat, flatness)
    for how, most in [(dict(two_pi_level=217), np.pi / 217), (dict(lut=lut), 0.018),
                      (dict(lut=tmp_path / "lut.txt", flatness=flat), 0.018),
                      (dict(lut=tmp_path / "some.csv"), 0.019), (dict(flatness=flatness), np.pi / 256)]:
        grey = onn.slm_pattern(phase, **how)
        assert grey.dtype == np.uint8 and grey.shape == phase.shape
        off = onn.slm_pattern_phase(grey, **how) - phase
        assert np.abs((off + np.pi) % (2 * np.pi) - np.pi).max() <= most * (1 + 1e-9)
