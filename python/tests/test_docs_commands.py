"""The commands in the documents.

A block ```sh is run, word by word, those of a page one behind the other in one folder. One that is not has the reason
above it, as <!-- not run: REASON -->; <!-- nightly --> is one that takes long, and is run where ONN_NIGHTLY is set.
"""
import os
import re
import shlex
import shutil
import subprocess

import pytest

from pages import PAGES, ROOT, blocks, name, without_code

COMMAND = os.environ.get("ONN_COMMAND", "")
NIGHTLY = bool(os.environ.get("ONN_NIGHTLY"))
pytestmark = pytest.mark.skipif(not COMMAND, reason="ONN_COMMAND names no onn")
WITH_COMMANDS = [page for page in PAGES if blocks(page, "sh")]


def runs(mark):
    return not mark or (NIGHTLY and mark == "nightly")


def lines(code):
    """Its commands of onn, each as a list of words; a line that ends in a backslash goes on."""
    found = re.findall(r"^(?:mpirun .*|build/release/bin/)?\bonn (.*)$", code.replace("\\\n", " "), flags=re.M)
    return [shlex.split(line.split(" >")[0], comments=True) for line in found]


def help_of(words):
    """What the command of these words says of itself."""
    of = words[:2] if words[0] == "train" else words[:1]
    return subprocess.run([COMMAND, *of, "--help"], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name)
def test_options_exist(page):
    for words in (words for _, code in blocks(page, "sh") for words in lines(code)):
        known = help_of(words)
        for option in (w.split("=")[0] for w in words if w.startswith("--")):
            assert re.search(rf"(^|[ ,]){re.escape(option)}\b", known, flags=re.M), (words, option)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_is_not_run_says_why(page):
    for mark, code in blocks(page, "sh"):
        assert re.fullmatch(r"|nightly|not run: .+", mark), (mark, code)
    # what is indented only is a block that no test sees
    hidden = re.findall(r"\n\n    (?:(?:onn (?!\w+:)|cmake |ctest |pip |build/|\./|mpirun ).*)", without_code(page))
    assert not hidden, hidden


def prepare(folder):
    """The reader's own files, what lies beside the pages in the repository, and a build, which is there already."""
    programs = folder / "build" / "release" / "bin"
    programs.mkdir(parents=True)
    (programs / "onn").symlink_to(COMMAND)
    demo = folder / "run-demo.sh"
    demo.write_text("#!/bin/sh\n")
    demo.chmod(0o755)
    for part in ("apps", "data"):
        (folder / part).symlink_to(ROOT / part)
    for path in (ROOT / "apps" / "examples" / "systems").iterdir():
        shutil.copy(path, folder)
    for picture in ("photo.png", "picture.png", "in.png"):
        shutil.copy(ROOT / "apps" / "examples" / "digits" / "three.png", folder / picture)
    (folder / "measured.csv").write_text("".join(
        f"{f:g},{0.6 + 0.3 * f / (1 + f) + 0.002 * (-1) ** i:g}\n"
        for i, f in enumerate(0.02 * 1.35 ** k for k in range(20))))
    return {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "ONN_DEVICE": "c"}


@pytest.mark.parametrize("page", [p for p in WITH_COMMANDS if any(runs(m) for m, _ in blocks(p, "sh"))], ids=name)
def test_commands_run(page, tmp_path):
    if not shutil.which("gnuplot"):
        pytest.skip("no gnuplot, which draws the pictures")
    environment = prepare(tmp_path)
    for mark, code in blocks(page, "sh"):
        if runs(mark):
            ran = subprocess.run(["sh", "-eu"], input=code, cwd=tmp_path, env=environment, capture_output=True, text=True)
            assert ran.returncode == 0, f"{code}{ran.stderr}"
    shutil.rmtree(tmp_path)  # stacks of many distances are large


# ---- the options, told in every place ----

def said(*words):
    return subprocess.run([COMMAND, *words], check=True, capture_output=True, text=True).stdout


def test_each_option_stands_in_manual_completion_and_site(tmp_path, monkeypatch):
    import runpy
    monkeypatch.setenv("ONN_COMMAND", COMMAND)
    monkeypatch.setenv("ONN_VERSION", "0")
    runpy.run_path(str(ROOT / "docs" / "site" / "conf.py"))["write_commands"](tmp_path)
    site = (tmp_path / "commands.rst").read_text(encoding="utf-8")
    manual = said("--print-manual").replace("\\-", "-")
    bash, fish = said("--print-completion", "bash"), said("--print-completion", "fish")
    commands = re.findall(r"^  onn ([a-z][a-z0-9 ]*?)  ", said("--help"), flags=re.M)
    assert len(commands) > 18 and "examples" in commands
    count = 0
    for command in commands:
        options = re.findall(r"^  --([a-z0-9-]+)", said(*command.split(), "--help"), flags=re.M)
        options.remove("help")
        of_manual = re.search(rf"^\.SS onn {command}[ \n](.*?)(?=^\.S[SH] )", manual + "\n.SH ", flags=re.M | re.S)
        of_site = re.search(rf"^onn {command}\n-+\n(.*?)(?=^-----|\Z)", site, flags=re.M | re.S)
        of_bash = re.search(rf"^\t'{command} '.*$|^\t'?{command}'?\).*$", bash, flags=re.M)
        assert re.findall(r"^\.B --([a-z0-9-]+)", of_manual[1], flags=re.M) == options, command
        assert re.findall(r"^     --([a-z0-9-]+)", of_site[1], flags=re.M)[:len(options)] == options, command
        assert of_bash or not options, command
        for option in options:
            assert f"--{option}" in bash and re.search(rf"__onn_is '?{command}'?' -l {option} ", fish), (command, option)
        count += len(options)
    assert count > 300, count
