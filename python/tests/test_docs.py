"""What the documents say of the package, word by word."""
import doctest
import pathlib
import re

import numpy as np
import pytest

import onn

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / "docs" / "python.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="no docs beside the tests")


def blocks(path):
    """The code of a document that shows no results."""
    found = re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.S)
    return [code for code in found if not code.startswith(">>>")]


def test_the_page_shows_what_comes_out():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False,
                                     optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert tried > 20 and not failed


def test_the_readme_differentiates_a_focal_length():
    (code,) = blocks(ROOT / "README.md")
    names = {}
    exec(code, names)
    assert np.isfinite(names["value"]) and names["slope"] < 0


def test_what_the_page_has_for_pytorch():
    torch = pytest.importorskip("torch")
    (code,) = blocks(PAGE)
    names = {"onn": onn, "grid": onn.Grid(256, "8um"), "light": onn.Light("532nm"),
             "target": torch.zeros(256, 256, dtype=torch.float64)}
    exec(code, names)
    assert names["phase"].grad.abs().max() > 0
