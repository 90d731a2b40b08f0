"""Plots with axes: what is shown, without Matplotlib; and what Matplotlib is given."""
import sys

import numpy as np
import pytest

import onn
from onn import pictures, plots

grid, light = onn.Grid((64, 128), ("8um", "4um")), onn.Light("532nm")


@pytest.fixture
def plt():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    yield plt
    plt.close("all")


def beam():
    return onn.gaussian_beam(grid, light, "80um").plate(np.broadcast_to(grid.x / 20e-6, grid.shape))


def system(**options):
    return onn.System([("plane", {"radius": "0.3mm"}), ("camera", {"name": "near"}), ("lens", {"f": "60mm"}),
                       ("space", {"distance": "60mm"}), ("camera", {"name": "far"})],
                      **{"grid": 64, "pitch": "16um", "wavelength": "532nm", **options})


# ---- what is shown ----

def test_quantities_are_those_of_the_field():
    e = np.array([[3 + 4j, -2], [0, 1j]])
    assert (plots.quantity(e, "intensity") == [[25, 4], [0, 1]]).all() and (plots.quantity(e, "amplitude") == [[5, 2], [0, 1]]).all()
    assert (plots.quantity(e, "real") == [[3, -2], [0, 0]]).all() and (plots.quantity(e, "imaginary") == [[4, 0], [0, 1]]).all()
    phase = plots.quantity(e, "phase")
    assert np.isnan(phase[1, 0]) and np.allclose(phase[[0, 0, 1], [0, 1, 1]], [np.arctan2(4, 3), np.pi, np.pi / 2])


def test_numbers_that_are_none_leave_the_others_their_phase():
    phase = plots.quantity(np.array([[1j, np.nan, np.inf, -1]]), "phase")
    assert np.isnan(phase[0, 1]) and np.allclose(phase[0, [0, 3]], [np.pi / 2, np.pi])


def test_a_focus_of_one_pixel_is_seen_in_blocks():
    e = np.full((600, 1000), 0.1, complex)
    e[411, 777], e[5, 6] = 7, -9
    look = plots.Look(pixels=100)
    intensity, phase = plots.panels([plots.Source(e, onn.Grid(e.shape, "1um"), "")], look)
    assert intensity.numbers.shape == (60, 100) and intensity.numbers[41, 77] == 49 and intensity.scale == (0, 81)
    assert np.isclose(phase.numbers[0, 0], 0) and plots.quantity(e, "real", 10, 10)[0, 0] == -9


def test_scales_are_common_unless_each_has_its_own():
    sources = [plots.Source(np.full((2, 2), a, complex), onn.Grid(2, "1um"), "") for a in (1, 2j)]
    def scales(**look):
        return [panel.scale for panel in plots.panels(sources, plots.Look(**look))]
    assert scales(show="intensity") == [(0, 4)] * 2 and scales(show="intensity", each=True) == [(0, 1), (0, 4)]
    assert scales(show="amplitude", max=3) == [(0, 3)] * 2 and scales(show="imaginary") == [(0, 2)] * 2
    assert plots.scale_of([np.array([-3.0, 1])], plots.Look()) == (-3, 3)


def test_units_are_those_that_a_person_would_take():
    assert [plots.prefix(x, "m") for x in (2e-3, 9e-4, 5e-8, 3)] == [("mm", 1e-3), ("µm", 1e-6), ("nm", 1e-9), ("m", 1)]
    assert plots.prefix(0.01, "rad") == ("mrad", 1e-3) and plots.prefix(5, None) == ("", 1)


@pytest.mark.parametrize("look, text", [
    ({"show": "colour"}, "show is 'colour'; expected one of auto, intensity"), ({"log": -1}, "log is -1; expected a number from 0"),
    ({"gamma": 0}, "gamma is 0; expected a number above 0"), ({"max": -1}, "max is -1; expected a number above 0"),
    ({"pixels": 0}, "pixels is 0; expected a number of at least 1")])
def test_looks_that_are_none_are_said(look, text):
    with pytest.raises(ValueError, match=text):
        beam().plot(**look)


def test_light_without_a_phase_shows_none():
    noisy = onn.System(["plane", ("camera", {"photons": 100})], grid=16, pitch="8um", wavelength="532nm")
    two = onn.System(["plane", "camera"], grid=16, pitch="8um", wavelength=["532nm", "633nm"])
    for bench in noisy, two:
        camera = bench.run(device="c")["camera"]
        with pytest.raises(ValueError, match="show is 'phase'; expected intensity or amplitude, as light of several modes"):
            plots.panels([camera._source()], plots.Look("phase"))
        shown, = plots.panels([camera._source()], plots.Look())
        assert shown.quantity == "intensity" and np.allclose(shown.numbers, camera.intensity)


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch):
    for name in "matplotlib", "matplotlib.pyplot", "matplotlib.figure":
        monkeypatch.setitem(sys.modules, name, None)
    seen = system().run(device="c")
    scan = system().scan("lens.f", [0.05, 0.06], device="c")
    for draw in (beam().plot, seen.plot, seen["far"].plot, scan.plot, scan["far"].plot):
        with pytest.raises(ImportError, match="plots need Matplotlib .*; install it by `pip install matplotlib`, or as"):
            draw()
    with pytest.raises(ImportError, match="plots need Matplotlib"):
        scan.film("a.gif")
    # notebooks have plain pictures, and tables
    assert beam()._repr_png_() == pictures.light(beam().numpy()) and seen._repr_png_() is None
    assert scan._repr_html_().startswith("<table>")


# ---- what Matplotlib is given ----

def test_fields_have_axes_with_units_and_bars(plt):
    first, second = beam().plot()
    figure = first.figure
    assert first.get_xlabel() == "x / µm" and first.get_ylabel() == "y / µm"
    assert first.get_xlim() == (-258, 254) and first.get_ylim() == (252, -260)
    assert np.allclose(first.images[0].get_array(), beam().intensity.numpy())
    assert np.allclose(second.images[0].get_array(), beam().phase.numpy() % (2 * np.pi), atol=1e-9)
    bars = [ax for ax in figure.axes if ax not in (first, second)]
    assert [ax.get_ylabel() for ax in bars] == ["intensity |E|² / arb. units", "phase / rad"]
    assert [text.get_text() for text in bars[1].get_yticklabels()] == ["0", "π", "2π"]
    assert plt.fignum_exists(figure.number)


def test_colours_are_those_of_the_command(plt):
    ax = beam().plot("intensity", gamma=0.5)
    image = ax.images[0]
    for x in 0.0, 0.25, 1.0:
        assert np.abs(np.array(image.cmap(image.norm(x)))[:3] * 255 - pictures.coloured(np.sqrt(x), pictures.LIGHT)).max() < 1.5
    ax = beam().plot("phase")
    phase = ax.images[0]
    assert phase.get_interpolation() == "nearest"  # between 2 pi and 0 there is no pi
    assert np.allclose(phase.cmap(phase.norm(0)), phase.cmap(phase.norm(2 * np.pi)))
    assert np.isnan(np.ma.filled(phase.get_array(), np.nan)).any() and np.allclose(ax.get_facecolor()[:3], 140 / 255)
    assert phase.cmap(np.ma.masked)[3] == 0  # what is behind is seen where there is nothing
    both = beam().plot("real").images[0]
    assert both.norm.vmin == -both.norm.vmax and np.allclose(both.cmap(0.5)[:3], 247 / 255, atol=0.01)
    log = beam().plot("intensity", log=4).images[0].norm
    assert type(log).__name__ == "LogNorm" and np.isclose(log.vmax / log.vmin, 1e4)


def test_plots_go_where_they_are_told(plt):
    figure, axes = plt.subplots(1, 3)
    assert beam().plot("amplitude", ax=axes[0]) is axes[0] and (beam().plot(ax=axes[1:]) == axes[1:]).all()
    assert len(axes[1].images) == 1 and plt.get_fignums() == [figure.number]
    with pytest.raises(ValueError, match="ax has 1 axes; expected 2: intensity, phase"):
        beam().plot(ax=axes[0])


def test_colours_and_lines_have_panels(plt):
    two = onn.gaussian_beam(onn.Grid(16, "8um"), onn.Light("532nm", "633nm"), "40um")
    axes = two.plot()
    assert [ax.get_title() for ax in axes] == ["532 nm", "532 nm", "633 nm", "633 nm"]
    assert len(axes[0].figure.axes) == 4 + 2  # a bar a row
    line = onn.gaussian_beam(onn.Grid((1, 64), "8um"), light, "40um")
    x, y = line.plot("intensity").lines[0].get_data()
    assert np.allclose(x, (np.arange(64) - 32) * 8) and np.allclose(y, line.intensity.numpy()[0])
    with onn.Graph():
        stack = onn.field(np.ones((40, 4, 4)), onn.Grid(4, "8um"), light)
        with pytest.warns(UserWarning, match="36 of 40 fields are shown"):
            assert len(stack.plot("intensity")) == 36


def test_a_column_of_pixels_is_seen(plt):
    ax = onn.plane_wave(onn.Grid((64, 1), "8um"), light).plot("intensity")
    assert ax.get_xlim() == (-4, 4) and ax.get_ylim() == (252, -260) and ax.images[0].get_array().shape == (64, 1)


def test_cameras_show_what_they_saw(plt):
    seen = system().run(device="c")
    near, far = seen.plot()
    assert near.get_title() == "near, z = 0 m" and far.get_title() == "far, z = 6 cm"
    assert np.allclose(far.images[0].get_array(), seen["far"].intensity)
    assert near.images[0].norm.vmax < far.images[0].norm.vmax and seen.plot(each=False)[0].images[0].norm.vmax > 10
    assert np.allclose(seen["far"].plot("phase").images[0].get_array(), np.angle(seen["far"].field[0]) % (2 * np.pi))
    assert seen._repr_png_().startswith(b"\x89PNG") and seen["far"]._repr_png_().startswith(b"\x89PNG")


def test_scans_are_curves(plt):
    scan = system().scan("space.distance", "50mm:70mm:5", device="c")
    axes = scan.plot()
    assert [ax.get_title() for ax in axes] == ["light that arrives", "peak intensity", "full width at half of the peak, x",
                                               "width (two standard deviations), x"]
    assert axes[0].get_xlabel() == "space.distance / mm" and axes[2].get_ylabel() == "µm"
    x, y = axes[1].lines[1].get_data()
    assert np.allclose(x, [50, 55, 60, 65, 70]) and np.allclose(y, scan["far"].measure.peak)
    assert [text.get_text() for text in axes[0].get_legend().get_texts()] == ["near", "far"]
    alone = scan.plot("share", camera="far")
    assert len(alone.lines) == 1 and np.allclose(alone.lines[0].get_ydata(), 100 * scan["far"].measure.share)
    with pytest.raises(ValueError, match="view is 'top'; expected one of curves, side, frames"):
        scan.plot("top")
    with pytest.raises(TypeError, match='log: expected with view="side"'):
        scan.plot(log=3)
    assert scan._repr_html_().startswith('<img src="data:image/png;base64,iVBOR')


def test_scans_and_ways_are_seen_from_the_side(plt):
    scan = system().scan("space.distance", [0.07, 0.05, 0.055], device="c")  # in any order, at any distance
    ax = scan.plot("side")
    order = [1, 2, 0]
    assert ax.get_xlabel() == "space.distance / mm" and ax.get_ylabel() == "x / µm"
    mesh = np.array(ax.collections[0].get_array()).reshape(64, 3)
    assert np.allclose(mesh, scan["far"].intensity[order, 32].T)
    way = onn.propagate(beam(), "1mm:3mm:5")
    ax = way.plot("side", "phase")
    mesh = np.ma.filled(np.ma.array(ax.collections[0].get_array(), float), np.nan).reshape(128, 5)
    wanted = np.angle(way.e[:, 32].T) % (2 * np.pi)
    assert np.allclose(mesh[40:90], wanted[40:90]) and ax.get_xlabel() == "z / mm"
    assert [a.get_title() for a in way.plot("frames", "intensity")] == ["z = 1 mm", "z = 1.5 mm", "z = 2 mm", "z = 2.5 mm", "z = 3 mm"]
    assert way._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="of two values of z at least"):
        onn.propagate(beam(), ["1mm"]).plot()
    with pytest.raises(ValueError, match=r"is \[2, 8, 8\]; expected one field"):
        onn.propagate(np.ones((2, 8, 8)), ["1mm", "2mm"], "532nm", "8um").plot()


def test_films_have_a_frame_for_each(plt, tmp_path):
    from PIL import Image
    way = onn.propagate(beam().lens("6cm"), "10mm:50mm:5")
    way.film(tmp_path / "way.gif", gamma=0.5)
    system().scan("space.distance", "50mm:70mm:3", device="c").film(tmp_path / "scan.gif", camera="far")
    for name, frames in ("way", 5), ("scan", 3):
        with Image.open(tmp_path / f"{name}.gif") as film:
            assert film.n_frames == frames
            pictures_ = []
            for k in range(frames):
                film.seek(k)
                pictures_.append(np.array(film.convert("RGB"), int)[60:])  # below the name
        assert all(np.abs(a - b).max() > 30 for a, b in zip(pictures_, pictures_[1:]))  # palettes differ by less
    with pytest.raises(onn.FileError, match="nowhere/a.gif'; expected a folder that is there"):
        way.film(tmp_path / "nowhere" / "a.gif")
    with pytest.raises(ValueError, match="the pixels are not the same at all distances"):
        onn.propagate(beam(), ["10cm", "20cm"], method="fraunhofer").film(tmp_path / "far.gif")
    with pytest.raises(ValueError, match="the film is 'way.mp4'; expected a name ending in .gif"):
        way.film("way.mp4")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scan.gif", "way.gif"]
