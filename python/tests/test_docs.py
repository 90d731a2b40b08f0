"""What the documents say of the package, word by word."""
import doctest
import re
import runpy
import sys
from unittest import mock

import numpy as np
import pytest

import onn
from pages import PAGES, ROOT, blocks, name, text_of

PAGE = ROOT / "docs" / "python.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="no docs beside the tests")
SHOWING = [page for page in PAGES if ">>>" in text_of(page)]


def quiet(page):
    """The code of a document that shows no results."""
    return [code for _, code in blocks(page, "python") if not code.startswith(">>>")]


@pytest.mark.parametrize("page", SHOWING, ids=name)
def test_pages_show_what_comes_out(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(page), module_relative=False, globs={"onn": onn, "np": np},
                                     optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert tried > (20 if page == PAGE else 3) and not failed


def test_the_readme_differentiates_a_focal_length(capsys):
    (code,) = quiet(ROOT / "README.md")
    names = {}
    exec(code, names)
    assert capsys.readouterr().out.strip() == re.search(r"# (.*a metre)", code)[1]


def test_what_the_page_has_for_plots(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib").use("agg")
    import matplotlib.pyplot as plt
    monkeypatch.chdir(tmp_path)
    (code,) = [code for code in quiet(PAGE) if "plot" in code]
    beam = onn.gaussian_beam(onn.Grid(128, "16um"), onn.Light("532nm"), "0.4mm").lens("12cm")
    system = onn.System(["plane", ("aperture", {"radius": "0.3mm"}), ("space", {"distance": "5cm"}),
                         ("camera", {"name": "image"})], grid=64, pitch="16um", wavelength="532nm")
    exec(code, {"focus": beam.propagate("12cm"), "way": onn.propagate(beam, "11cm:13cm:3"),
                "scan": system.scan("aperture.radius", "0.2mm:0.4mm:3", device="c")})
    figures = len(plt.get_fignums())
    plt.close("all")
    assert figures == 7 and (tmp_path / "focus.png").stat().st_size > 5000
    assert (tmp_path / "way.gif").read_bytes().startswith(b"GIF8")


def test_what_the_page_has_for_pytorch(capsys):
    pytest.importorskip("torch")
    (code,) = [code for code in quiet(PAGE) if "torch" in code]
    target = np.zeros((256, 256))
    target[100:120, 140:160] = 1
    exec(code, {"onn": onn, "grid": onn.Grid(256, "8um"), "light": onn.Light("532nm"), "target": target})
    assert capsys.readouterr().out.strip() == re.search(r"# (.* in the square)", code)[1]


def test_torch_is_shown_with_an_optimiser():
    """Without it: a page and a tutorial on PyTorch have a step of PyTorch's."""
    (code,) = [code for code in quiet(PAGE) if "torch" in code]
    for text in code, text_of(ROOT / "docs" / "examples" / "from_pytorch.py"):
        for part in ("import torch", "onn.torch.function", "torch.optim.", "loss.backward()", "optimizer.step()"):
            assert part in text


def test_what_the_page_has_for_jax():
    pytest.importorskip("jax")
    (code,) = [code for code in quiet(PAGE) if "jax" in code]
    names = {"onn": onn, "grid": onn.Grid(64, "8um"), "light": onn.Light("532nm"), "target": np.zeros((64, 64)),
             "phase": np.random.default_rng(0).random((64, 64))}
    exec(code, names)
    assert abs(names["slope"]).max() > 0


# ---- what else must not be forgotten ----

def test_variables_of_the_environment_are_told():
    told = text_of(ROOT / "docs" / "devices.md")
    read = {name for path in (ROOT / "src").rglob("*.c")
            for name in re.findall(r'getenv\("(ONN_\w+)"\)', path.read_text(encoding="utf-8"))}
    assert len(read) > 5 and not [name for name in read if name not in told]


def stand_in():
    """Of matplotlib.pyplot, where that is not there: tutorials run, and draw nothing."""
    plt = mock.MagicMock()

    def subplots(rows=1, columns=1, **_):
        axes = np.empty((rows, columns), object)
        for place in np.ndindex(axes.shape):
            axes[place] = mock.MagicMock()
        return mock.MagicMock(), axes.squeeze() if axes.size > 1 else axes[0, 0]
    plt.subplots = subplots
    plt.plot = plt.semilogx = plt.semilogy = plt.loglog = lambda *_, **__: [mock.MagicMock()]
    return plt


@pytest.mark.parametrize("example", sorted((ROOT / "docs" / "examples").glob("*.py")), ids=lambda p: p.stem)
def test_tutorials_draw_their_pictures(example, tmp_path, monkeypatch):
    """In this process: a new one takes a second to import Matplotlib."""
    for name in re.findall(r"^import (torch|jax)\b", text_of(example), flags=re.M):
        pytest.importorskip(name)
    picture = tmp_path / "picture.png"
    try:
        import matplotlib
    except ImportError:
        plt = stand_in()
        plt.savefig = lambda path: path.write_bytes(bytes(4000))
        monkeypatch.setitem(sys.modules, "matplotlib", mock.MagicMock(pyplot=plt))
        monkeypatch.setitem(sys.modules, "matplotlib.pyplot", plt)
    else:
        matplotlib.use("agg")
        import matplotlib.pyplot as plt
    monkeypatch.setattr(plt, "show", lambda: plt.savefig(picture))
    try:
        runpy.run_path(str(example))
    finally:
        plt.close("all")
    assert picture.stat().st_size > 3000


def test_examples_are_listed():
    """What is beside them, `onn examples` has, too."""
    listed = set(re.findall(r'^ONN_EXAMPLE\("(.*?)"', text_of(ROOT / "apps/examples/examples.def"), flags=re.M))
    for folder, files in (("c", (ROOT / "apps/examples").glob("*.[ch]")), ("python", (ROOT / "docs/examples").glob("*.py")),
                          ("systems", (ROOT / "apps/examples/systems").iterdir()), ("networks", (ROOT / "data").glob("*.json")),
                          ("digits", (ROOT / "apps/examples/digits").iterdir())):
        assert not {f"{folder}/{path.name}" for path in files} - listed
