"""The site: the documents as they are, the tutorials of docs/examples with their pictures, and what the command says
of itself. cmake/Site.cmake lays out what is read here."""
import importlib.util
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = os.environ["ONN_COMMAND"]

project = "onn"
release = os.environ["ONN_VERSION"]
extensions = ["myst_parser", "sphinx_gallery.gen_gallery"]
include_patterns = ["index.rst", "commands.rst", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/*.md",
                    "python/README.md", "tutorials/**"]
exclude_patterns = ["**/README.rst"]
myst_heading_anchors = 4
suppress_warnings = ["config.cache"]
html_theme = "furo" if importlib.util.find_spec("furo") else "alabaster"
html_title = f"onn {release}"
if os.environ.get("ONN_REFERENCE"):
    html_extra_path = [os.environ["ONN_REFERENCE"]]  # Doxygen's, of the headers: reference/

sphinx_gallery_conf = {
    "examples_dirs": str(ROOT / "docs" / "examples"),
    "gallery_dirs": "tutorials",
    "filename_pattern": r"\.py$",
    "min_reported_time": 1e9,
    "download_all_examples": False,
    "abort_on_example_error": True,
    "show_signature": False,
}


def said(*words):
    return subprocess.run([COMMAND, *words, "--help"], check=True, capture_output=True, text=True).stdout


def write_commands(folder):
    """A section for each command, from its own tables."""
    found = re.findall(r"^  onn ([a-z][a-z0-9 ]*?)  ", said(), flags=re.M)
    lines = ["The command", "===========", "", "Each option of each command, as ``onn COMMAND --help`` prints it.", ""]
    for name, text in [("onn", said())] + [(f"onn {n}", said(*n.split())) for n in found]:
        lines += [name, "-" * len(name), "", ".. code-block:: text", ""]
        lines += [f"   {line}".rstrip() for line in text.splitlines()] + [""]
    (pathlib.Path(folder) / "commands.rst").write_text("\n".join(lines), encoding="utf-8")


def setup(app):
    write_commands(app.srcdir)
