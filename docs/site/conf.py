"""The site: the documents as they are, the tutorials of docs/examples with their pictures, the examples in C with
theirs, what the command says of itself, and the headers. cmake/Site.cmake lays out what is read here."""
import ast
import importlib.util
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = os.environ["ONN_COMMAND"]
# Whether examples run, for their pictures. The tests run them, too: where that is enough, there are their texts alone.
RUN = not os.environ.get("ONN_SITE_TEXT") and all(
    importlib.util.find_spec(name) for name in ("sphinx_gallery", "matplotlib", "numpy"))

project = "onn"
release = os.environ["ONN_VERSION"]
extensions = ["myst_parser"] + (["sphinx_gallery.gen_gallery"] if RUN else [])
include_patterns = ["index.rst", "commands.rst", "headers.rst", "c-examples/*.rst", "README.md", "CHANGELOG.md",
                    "CONTRIBUTING.md", "docs/*.md", "python/README.md", "tutorials/**"]
exclude_patterns = ["**/README.rst"]
myst_heading_anchors = 4
suppress_warnings = ["config.cache"]
html_theme = "furo" if importlib.util.find_spec("furo") else "alabaster"
html_title = f"onn {release}"
if os.environ.get("ONN_REFERENCE"):
    html_extra_path = [os.environ["ONN_REFERENCE"]]  # Doxygen's, of the headers: reference/

# An example of a package that is not here is shown, and does not run.
LACKING = [path.stem for path in sorted((ROOT / "docs" / "examples").glob("*.py"))
           if any(importlib.util.find_spec(name) is None
                  for name in re.findall(r"^import (torch|jax)\b", path.read_text(encoding="utf-8"), flags=re.M))]

sphinx_gallery_conf = {
    "examples_dirs": str(ROOT / "docs" / "examples"),
    "gallery_dirs": "tutorials",
    "filename_pattern": "".join(rf"(?<!{name})" for name in LACKING) + r"\.py$",
    "min_reported_time": 1e9,
    "download_all_examples": False,
    "abort_on_example_error": True,
    "show_signature": False,
}


def said(*words):
    return subprocess.run([COMMAND, *words, "--help"], check=True, capture_output=True, text=True).stdout


def write_page(path, title, lines):
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([title, "=" * len(title), "", *lines, ""]), encoding="utf-8")


def write_commands(folder):
    """A section for each command, from its own tables."""
    found = re.findall(r"^  onn ([a-z][a-z0-9 ]*?)  ", said(), flags=re.M)
    lines = ["Each option of each command, as ``onn COMMAND --help`` prints it.", ""]
    for name, text in [("onn", said())] + [(f"onn {n}", said(*n.split())) for n in found]:
        lines += [name, "-" * len(name), "", ".. code-block:: text", ""]
        lines += [f"   {line}".rstrip() for line in text.splitlines()] + [""]
    write_page(pathlib.Path(folder) / "commands.rst", "The command", lines)


def draw(name, folder):
    """Runs an example in C, and takes its picture along; its file name, or None."""
    programs = os.environ.get("ONN_EXAMPLES")
    if not programs or not RUN:
        return None
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([f"{programs}/{name}"], cwd=place, check=True, capture_output=True)
        for picture in pathlib.Path(place).glob("*.png"):
            (folder / picture.name).write_bytes(picture.read_bytes())
            return picture.name
    return None


def write_c_examples(folder):
    """A page for each example in C: what it says of itself, its picture, its code."""
    rows = re.findall(r'^ONN_EXAMPLE\("c/(\w+)\.c", "(.+)"\)', (ROOT / "apps/examples/examples.def").read_text(), flags=re.M)
    index = ["Small programs that link the library; each checks its numbers and is a test. ``onn examples DIR`` copies",
             "them, and ``cc airy.c $(pkg-config --cflags --libs onn) -lm`` builds one.", "", ".. toctree::", ""]
    index += [f"   {name}" for name, _ in rows] + [""]
    place = folder / "c-examples"
    place.mkdir(exist_ok=True)
    for name, shows in rows:
        picture = draw(name, place)
        title = shows[0].upper() + shows[1:]
        lines = [f".. image:: {picture}", "   :alt: " + title, ""] if picture else []
        write_page(place / f"{name}.rst", title,
                   [*lines, f".. literalinclude:: ../apps/examples/{name}.c", "   :language: c"])
    write_page(place / "index.rst", "Examples in C", index)


def write_tutorials(folder):
    """What sphinx_gallery makes of them, without pictures."""
    place, names = folder / "tutorials", []
    place.mkdir(exist_ok=True)
    for path in sorted((ROOT / "docs" / "examples").glob("*.py")):
        text = ast.parse(path.read_text(encoding="utf-8"))
        lines = [ast.get_docstring(text), "", f".. literalinclude:: ../docs/examples/{path.name}", "   :language: python",
                 f"   :lines: {text.body[1].lineno}-", ""]
        (place / f"{path.stem}.rst").write_text("\n".join(lines), encoding="utf-8")
        names.append(path.stem)
    begin = (ROOT / "docs" / "examples" / "README.rst").read_text(encoding="utf-8")
    (place / "index.rst").write_text("\n".join([begin, ".. toctree::", "", *(f"   {name}" for name in names), ""]))


def write_headers(folder):
    """What each public header is about, and where Doxygen has its functions."""
    reference = os.environ.get("ONN_REFERENCE")
    lines = ["What is declared has a comment with shapes, units, ownership and errors; ``onn/onn.h`` includes all",
             "of these. Each function has a manual page, too (``man onn_plan_create``).", "",
             ".. list-table::", "   :widths: 30 70", ""]
    for path in sorted((ROOT / "include" / "onn").glob("*.h*")):
        told = re.match(r"/\*\*\n \* @file\n \* (.*?)\n \*(?:\n|/)", path.read_text(encoding="utf-8"), flags=re.S)
        if not told:
            raise ValueError(f"{path} does not begin with what it is about")
        page = f"reference/{path.name.replace('_', '__').replace('.', '_8')}.html"
        named = f"`onn/{path.name} <{page}>`__" if path.suffix == ".h" else f"``onn/{path.name}``"
        if reference and path.suffix == ".h" and not (pathlib.Path(reference) / page).exists():
            raise ValueError(f"{path}: Doxygen has written no {page}")
        lines += [f"   * - {named}", f"     - {told[1].replace(chr(10) + ' * ', ' ')}"]
    write_page(pathlib.Path(folder) / "headers.rst", "The headers", lines)


def setup(app):
    folder = pathlib.Path(app.srcdir)
    write_commands(folder)
    write_c_examples(folder)
    write_headers(folder)
    if not RUN:
        write_tutorials(folder)
