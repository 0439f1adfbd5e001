"""The pure logic passes its own tests in MicroPython too."""

import subprocess
from pathlib import Path

import pytest

from vigie.paths import FIRMWARE, ROOT
from vigie.virtual import micropython

TESTS = ROOT / "tests" / "unit" / "core"
RUN = """
import sys
sys.path[:] = [{tests!r}, {firmware!r}, ".frozen"]
import {module} as m
names = [n for n in dir(m) if n.startswith("test_")]
for n in names:
    getattr(m, n)()
print(len(names), "passed")
"""


@pytest.mark.parametrize("file", sorted(TESTS.glob("test_*.py")), ids=lambda f: f.stem)
def test_in_micropython(file: Path) -> None:
    code = RUN.format(tests=str(TESTS), firmware=str(FIRMWARE), module=file.stem)
    done = subprocess.run(
        [*micropython.find(), "-X", "heapsize=512k", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    expected = file.read_text().count("\ndef test_")
    assert done.stdout == f"{expected} passed\n", done.stdout + done.stderr
