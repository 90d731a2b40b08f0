"""The documents' links within the project: the file is there, and so is the heading."""
import re

import pytest

from pages import PAGES, name, text_of, without_code


def anchors(page):
    """What its headings are called in links, as Git's hosts and the site make it."""
    found = []
    for heading in re.findall(r"^#+ (.*)$", without_code(page), flags=re.M):
        heading = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", without_code(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_no_document_is_alone():
    """Each is linked to from another one."""
    linked = {(page.parent / link.partition("#")[0]).resolve() for page in PAGES
              for link in re.findall(r"\]\(([^)\s:]+)\)", text_of(page)) if not link.startswith("#")}
    assert not [name(page) for page in PAGES if page.parent.name == "docs" and page not in linked]
