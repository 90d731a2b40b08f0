"""The page about the package, word by word."""
import doctest
import pathlib

import pytest

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "python.md"


@pytest.mark.skipif(not PAGE.exists(), reason="no docs beside the tests")
def test_the_page_shows_what_comes_out():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False,
                                     optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert tried > 20 and not failed
