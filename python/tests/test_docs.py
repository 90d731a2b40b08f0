"""What the documents say of the package, word by word."""
import doctest
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

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


def test_the_page_of_files_shows_what_comes_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "files.md"), module_relative=False,
                                     globs={"onn": onn, "np": np})
    assert tried >= 5 and not failed


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


# ---- the command ----

COMMAND = os.environ.get("ONN_COMMAND", "")
needs_command = pytest.mark.skipif(not COMMAND, reason="ONN_COMMAND names no onn")
PAGES = sorted((ROOT / "docs").glob("*.md")) + [ROOT / "README.md"]


def commands(page):
    """Its commands of onn, each as a list of words; a line that ends in a backslash goes on."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"^    (?:build/release/bin/)?onn (?!\w+: )(.*)$", text, flags=re.M):
        yield shlex.split(line.split(" >")[0], comments=True)


def help_of(words):
    """What the command of these words says of itself."""
    name = words[:2] if words[0] == "train" else words[:1]
    return subprocess.run([COMMAND, *name, "--help"], check=True, capture_output=True, text=True).stdout


@needs_command
@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_options_in_documents_exist(page):
    for words in commands(page):
        if words[0].startswith("-") or words[0].isupper():
            continue
        known = help_of(words)
        for option in (w.split("=")[0] for w in words if w.startswith("--")):
            assert re.search(rf"(^|[ ,]){re.escape(option)}\b", known, flags=re.M), (page.name, option)


@needs_command
@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "optics.md", ROOT / "docs" / "pulses.md"],
                         ids=lambda p: p.name)
def test_commands_in_documents_do_what_is_said(page, tmp_path):
    quick = ("source", "propagate", "plot", "pulse")
    bring = {"photo.png", "picture.png", "in.png", "measured.csv"}  # the reader's own
    done = 0
    for words in commands(page):
        if words[0] not in quick or bring.intersection(words) or "film.gif" in words:
            continue
        ran = subprocess.run([COMMAND, *words], cwd=tmp_path, capture_output=True, text=True)
        done += 1
        # a picture with axes takes gnuplot, which may be missing
        assert ran.returncode == 0 or "gnuplot" in ran.stderr, (words, ran.stderr)
    assert done >= 2
    shutil.rmtree(tmp_path)  # stacks of many distances are large


# ---- what else must not be forgotten ----

def test_variables_of_the_environment_are_told():
    told = (ROOT / "docs" / "devices.md").read_text(encoding="utf-8")
    read = {name for path in (ROOT / "src").rglob("*.c")
            for name in re.findall(r'getenv\("(ONN_\w+)"\)', path.read_text(encoding="utf-8"))}
    assert len(read) > 5 and not [name for name in read if name not in told]


@pytest.mark.parametrize("example", sorted((ROOT / "docs" / "examples").glob("*.py")), ids=lambda p: p.stem)
def test_tutorials_draw_their_pictures(example, tmp_path):
    pytest.importorskip("matplotlib")
    draw = ("import sys, matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as plt;"
            "plt.show = lambda: plt.savefig('picture.png');"
            "exec(compile(open(sys.argv[1], encoding='utf-8').read(), sys.argv[1], 'exec'))")
    subprocess.run([sys.executable, "-c", draw, str(example)], cwd=tmp_path, check=True)
    assert (tmp_path / "picture.png").stat().st_size > 3000
