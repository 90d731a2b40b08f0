"""Light against formulas and NumPy's transforms."""
import numpy as np
import pytest

import onn

grid, light = onn.Grid(128, "8um"), onn.Light("532nm")
k = 2 * np.pi / 532e-9


def test_the_axes_are_where_they_are_said_to_be():
    small = onn.Grid((4, 5), pitch=(1.0, 0.5), centre=(0, 1.5))
    assert (small.y.ravel() == [-2, -1, 0, 1]).all() and (small.x.ravel() == [.5, 1, 1.5, 2, 2.5]).all()
    assert small == onn.Grid((4, 5), (1.0, 0.5), (0, 1.5)) and small != onn.Grid(4, 1.0)


def test_a_beam_spreads_as_gauss_has_it():
    z, w0 = 0.1, 80e-6
    far = onn.gaussian_beam(grid, light, w0).propagate(z).intensity.numpy()
    reach = np.pi * w0 ** 2 / 532e-9
    w = w0 * np.hypot(1, z / reach)
    wanted = (w0 / w) ** 2 * np.exp(-2 * (grid.y ** 2 + grid.x ** 2) / w ** 2)
    assert np.abs(far - wanted).max() < 2e-4 * wanted.max()


def angular_spectrum(e, z, pitch=8e-6):
    n = len(e)
    f = np.fft.fftfreq(2 * n, pitch)
    h = np.exp(1j * z * np.sqrt(k ** 2 - (2 * np.pi) ** 2 * (f[:, None] ** 2 + f ** 2) + 0j))
    padded = np.pad(e, n // 2)
    return np.fft.ifft2(np.fft.fft2(padded) * h)[n // 2:-(n // 2), n // 2:-(n // 2)]


def test_arrays_are_propagated_as_numpy_would():
    e = np.random.default_rng(0).standard_normal((64, 64)) * (1 + 0.5j)
    far = onn.propagate(e, 2e-3, "532nm", "8um", method="asm")
    assert np.abs(far - angular_spectrum(e, 2e-3)).max() < 1e-9
    single = onn.propagate(e.astype(np.complex64), 2e-3, "532nm", "8um", method="asm")
    assert single.dtype == np.complex64 and np.abs(single - far).max() < 1e-5
    stack = onn.propagate(np.stack([e, 2 * e]), 2e-3, "532nm", "8um", method="asm")
    assert np.allclose(stack[1], 2 * far)


def test_arrays_go_to_many_distances():
    e = np.random.default_rng(1).standard_normal((2, 64, 64)) * (1 + 0.5j)
    for z, wanted in ((["1mm", 2e-3, "30cm"], [1e-3, 2e-3, 0.3]), (np.array([1e-3, 0.3]), [1e-3, 0.3]),
                      ("1mm:3mm:3", [1e-3, 2e-3, 3e-3]), ("1mm, 2mm", [1e-3, 2e-3])):
        way = onn.propagate(e, z, "532nm", "8um")
        assert np.allclose(way.z, wanted, rtol=1e-15) and way.e.shape == (len(wanted), 2, 64, 64)
        for far, at in zip(way, wanted):
            assert np.abs(far - onn.propagate(e, at, "532nm", "8um")).max() < 1e-9
    assert np.asarray(way) is way.e and (way.intensity == np.abs(way[:]) ** 2).all() and way.grid.pitch == (8e-6, 8e-6)
    assert repr(way) == "<onn.Way of complex128 [2, 64, 64], 2 distances, 1 mm to 2 mm>"
    single = onn.propagate(e.astype(np.complex64), ["1mm", "2mm"], "532nm", "8um")
    assert single.e.dtype == np.complex64 and np.abs(single.e - way.e).max() < 1e-4
    again = way.field(1)
    assert np.abs(again.propagate("1mm", pad=32).numpy() - onn.propagate(way[1], 1e-3, "532nm", "8um")).max() < 1e-9


def test_a_field_knows_how_it_propagates():
    beam = onn.gaussian_beam(onn.Grid((32, 48), ("8um", "6um")), onn.Light("532nm", "633nm"), "60um")
    wanted = beam.propagate("2mm").numpy()
    assert np.abs(onn.propagate(beam, "2mm") - wanted).max() < 1e-12
    way = onn.propagate(beam, ["1mm", "2mm"])
    assert np.abs(way[1] - wanted).max() < 1e-9 and way.light.wavelengths == (532e-9, 633e-9)
    assert np.abs(onn.propagate(wanted, "1mm", ["532nm", "633nm"], [8e-6, 6e-6]) - beam.propagate("2mm").propagate(
        "1mm").numpy()).max() < 1e-12


def test_distances_that_are_none_are_said():
    e = np.ones((8, 8))
    with pytest.raises(ValueError, match="'5ns' is no number in m"):
        onn.propagate(e, ["1mm", "5ns"], "532nm", "8um")
    with pytest.raises(ValueError, match="distance has no values"):
        onn.propagate(e, [], "532nm", "8um")
    with pytest.raises(ValueError, match="distance is '2mm:1mm:3'; expected MIN:MAX:COUNT"):
        onn.propagate(e, "2mm:1mm:3", "532nm", "8um")
    with pytest.raises(TypeError, match=r"the distances are \[1, 2\]; expected one number, or a list"):
        onn.propagate(e, np.ones((1, 2)), "532nm", "8um")
    with pytest.raises(onn.ArgumentError, match="the distance is -1 m and evanescent"):
        onn.propagate(e, [1e-3, -1], "532nm", "8um")
    with pytest.raises(TypeError, match="an array needs its wavelength and pitch"):
        onn.propagate(e, "1mm")
    with pytest.raises(TypeError, match="a Field has its wavelength and pitch"):
        onn.propagate(onn.plane_wave(grid, light), "1mm", "532nm")
    way = onn.propagate(e, ["10cm", "20cm"], "532nm", "8um", method="fraunhofer")
    with pytest.raises(ValueError, match="the pixels are not the same at all distances"):
        way.grid


@onn.function
def on_axis(f):
    """The intensity in the middle, 5 cm behind a lens of focal length f."""
    return onn.gaussian_beam(grid, light, "0.3mm").lens(f).propagate("5cm", "asm").intensity[64, 64]


def test_a_lens_of_a_node_is_the_lens_of_its_number():
    plain = onn.gaussian_beam(grid, light, "0.3mm").lens(0.06).propagate("5cm", "asm")
    assert np.isclose(on_axis(0.06), plain.intensity.numpy()[64, 64], rtol=1e-10)


def test_the_focal_length_has_a_derivative():
    value, slope = onn.value_and_grad(on_axis)(0.06)
    h = 1e-6
    wanted = (on_axis(0.06 + h) - on_axis(0.06 - h)) / (2 * h)
    assert np.isclose(value, on_axis(0.06), rtol=1e-13) and np.isclose(slope, wanted, rtol=1e-5)
    # two wavelengths, in single precision
    two = onn.Light("532nm", "633nm", precision="f32")

    def seen(f):
        return onn.plane_wave(grid, two).lens(f).propagate("2cm", "asm").intensity.sum(0)[64, 64]

    slope = onn.grad(seen)(0.06)
    wanted = (onn.function(seen)(0.0606) - onn.function(seen)(0.0594)) / 0.0012
    assert np.isclose(slope, wanted, rtol=2e-2)


def test_the_distance_has_a_derivative():
    def there(z):
        beam = onn.gaussian_beam(grid, light, "80um")
        return beam.propagate(z, "asm", near=0.02).intensity[64, 64]

    slope = onn.grad(there)(0.02)
    f = onn.function(there)
    assert np.isclose(slope, (f(0.02 + 1e-6) - f(0.02 - 1e-6)) / 2e-6, rtol=1e-6)
    with pytest.raises(TypeError, match="near="):
        onn.grad(lambda z: onn.plane_wave(grid, light).propagate(z).power)(0.02)


def test_plates_and_masks():
    wave = onn.plane_wave(grid, light)
    phase = np.random.default_rng(2).uniform(-9, 9, grid.shape)
    assert np.allclose(wave.plate(phase).numpy(), np.exp(1j * phase))
    assert np.allclose(wave.mask(1j * phase).numpy(), 1j * phase)
    hole = wave.aperture(radius="100um").numpy().real
    assert (hole == (grid.y ** 2 + grid.x ** 2 <= 1e-8)).all()
    slit = wave.aperture(sides=("1cm", "100um")).intensity.numpy()
    assert (slit == (np.abs(grid.x) <= 50e-6) * np.ones((128, 1))).all()
    assert np.isclose(float(wave.power), 128 ** 2 * 64e-12)
    both = wave + wave * 1j
    assert np.allclose(both.intensity.numpy(), 2)


def test_plates_are_found_by_their_gradient():
    small, target = onn.Grid(32, "8um"), np.zeros((32, 32))
    target[10:14, 18:22] = 1

    def missed(phase):
        seen = onn.plane_wave(small, light).plate(phase).propagate("5mm", "asm").intensity
        return 1 - (seen * target).sum() / 1024

    step, phase = onn.value_and_grad(missed), np.zeros((32, 32))
    first = step(phase)[0]
    for _ in range(60):
        loss, slope = step(phase)
        phase -= 0.5 * slope / np.abs(slope).max()
    assert first > 0.9 and loss < 0.5 * first


def test_absorbers():
    absorber = onn.Absorber(od=10, gradient="exact")
    value, slope = onn.value_and_grad(absorber)(2.0)
    assert np.isclose(value, 0.735758882343) and np.isclose(slope, 0.956486547046)
    seen = absorber.response([1, 2])
    assert np.allclose(seen["output"], [0.0820849986239, 0.735758882343])
    assert np.allclose(seen["exact"], [0.287297495184, 0.956486547046])
    assert repr(absorber) == "onn.Absorber(gradient='exact')" and absorber.od == 10
    behind = onn.plane_wave(grid, light).absorb(absorber).intensity.numpy()
    assert np.allclose(behind, 0.0820849986239 ** 2)
    depth = onn.grad(lambda od: absorber(2.0 * od / od, depth=od))(10.0)
    h = 1e-5
    f = onn.function(lambda od: absorber(2.0 * od / od, depth=od))
    assert np.isclose(depth, (f(10 + h) - f(10 - h)) / (2 * h), rtol=1e-6)
    with pytest.raises(onn.ArgumentError, match="od is '-1'"):
        onn.Absorber(od=-1)
    with pytest.raises(AttributeError, match="it has medium"):
        absorber.colour


def test_a_4f_system_passes_what_its_mask_lets_through():
    f, lines = 0.05, np.cos(2 * np.pi * grid.x / 64e-6) + np.zeros((128, 1))
    lit = onn.field(lines, grid, light).aperture(radius="0.3mm")

    def camera_behind(mask):
        middle = lit.propagate(f).lens(f).propagate(f).mask(mask)
        return middle.propagate(f).lens(f).propagate(f).intensity.numpy()

    everything = camera_behind(np.ones(grid.shape))
    # what has 64 um as its period is 0.42 mm from the axis in the middle plane
    passed = camera_behind((grid.x ** 2 + grid.y ** 2 < 0.25e-3 ** 2) * 1.0)
    assert passed.sum() < 0.05 * everything.sum()


def test_a_camera_counts_photons():
    flat = onn.plane_wave(grid, light).intensity
    noisy = onn.camera(flat, photons=100, shot_noise=True, seed=3).numpy()
    assert abs(noisy.mean() - 1) < 0.01 and abs(noisy.std() - 0.1) < 0.005
    assert (onn.camera(flat, photons=100, shot_noise=True, seed=3, step=1).numpy() != noisy).any()
    coarse = onn.camera(flat * 0.37, photons=100, full_well=100, bits=2).numpy()
    assert np.allclose(coarse, 1 / 3)


def test_regions_and_modulators():
    intensity = onn.plane_wave(grid, light).intensity
    assert (onn.detect(intensity, [(0, 0, 2, 3), (10, 20, 1, 1)]).numpy() == [6, 1]).all()
    shown = onn.function(lambda p: onn.slm_phase(p, levels=4))(np.array([0.1, 1.7, 6.2]))
    assert np.allclose(shown, [0, np.pi / 2, 0])


def test_sampling_is_told():
    wave = onn.plane_wave(grid, light)
    near = wave.sampling("1cm", "asm")
    assert near.enough and near.method == "asm" and "z is 1 cm" in near.why
    assert not wave.sampling("1m", "asm").enough


def test_what_does_not_go_is_said():
    with pytest.raises(ValueError, match="method is 'ams'; expected one of auto, asm"):
        onn.plane_wave(grid, light).propagate(1, method="ams")
    with pytest.raises(onn.ArgumentError, match="onn_propagate"):
        onn.plane_wave(grid, light).propagate(-1)
    with pytest.raises(onn.ArgumentError):
        onn.field(np.ones((3, 3)), grid, light)
    with pytest.raises(TypeError, match="radius or sides"):
        onn.plane_wave(grid, light).aperture()


def test_notebooks_see_a_picture():
    picture = onn.laguerre_gauss(grid, light, 0, 1, "0.2mm")._repr_png_()
    assert picture.startswith(b"\x89PNG") and len(picture) > 1000
    assert onn.plane_wave(grid, light).intensity._repr_png_().startswith(b"\x89PNG")
    assert onn.plane_wave(grid, light).intensity[0]._repr_png_() is None


def test_a_node_is_seen_from_its_smallest_to_its_largest_number():
    from onn import pictures
    shown = []
    usual, pictures.png = pictures.png, shown.append
    try:
        with onn.Graph() as g:
            g.constant(np.array([[-1.0, 3.0]] * 2))._repr_png_()
    finally:
        pictures.png = usual
    (picture,) = shown
    assert (picture[0, 0] == (0, 0, 4)).all() and (picture[0, -1] == (252, 255, 164)).all()
