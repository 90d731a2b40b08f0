"""The documents, for the tests of what they say."""
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")),
         ROOT / "python" / "README.md", ROOT / "data" / "README.md", ROOT / "apps" / "examples" / "README.md"]
PAGES = [page for page in PAGES if page.exists()]

_BLOCK = re.compile(r"^(?:<!-- (?P<mark>.*?) -->\n)?```(?P<language>\w*)\n(?P<code>.*?)^```$", flags=re.M | re.S)


def name(page):
    """For the names of tests."""
    return str(page.relative_to(ROOT))


def text_of(page):
    return page.read_text(encoding="utf-8")


def blocks(page, language):
    """The mark and the code of each block of a language: ("nightly", "onn devices\n"). No mark: ""."""
    return [(found["mark"] or "", found["code"]) for found in _BLOCK.finditer(text_of(page))
            if found["language"] == language]


def without_code(page):
    """The text outside of blocks."""
    return _BLOCK.sub("\n", text_of(page))
