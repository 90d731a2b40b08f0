"""Runs the tests beside it; 77, and what is missing by name, where they cannot run."""
import importlib.util
import pathlib
import sys

missing = [name for name in ("numpy", "pytest") if importlib.util.find_spec(name) is None]
if missing:
    print(f"skipped: this Python ({sys.executable}) has no {' and no '.join(missing)}")
    sys.exit(77)

import pytest  # noqa: E402

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", str(pathlib.Path(__file__).parent)]))
