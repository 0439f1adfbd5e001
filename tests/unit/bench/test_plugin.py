"""What can be put right is said once, not once for each test."""

import os
import subprocess
import sys

import pytest

from vigie.paths import ROOT
from vigie.virtual import micropython


def pytest_says(*words: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/board", "-p", "no:cacheprovider", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "environment", "message", "expected"),
    [
        ([], {micropython.VARIABLE: "/bin/true"}, "names /bin/true, but it is no MicroPython", 2),
        (["--board", "toaster"], {}, "There is no board named 'toaster'", 4),
    ],
)
def test_without_what_the_board_needs_the_tests_end_with_one_message(
    words: list[str], environment: dict[str, str], message: str, expected: int
) -> None:
    code, said = pytest_says(*words, **environment)
    assert code == expected
    assert said.count(message) == 1
    assert "Traceback" not in said
