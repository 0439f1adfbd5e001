"""What can be put right is said once, not once for each test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vigie.paths import ROOT
from vigie.virtual import micropython


def pytest_says(*words: str | Path, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
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
    code, said = pytest_says("tests/board", *words, **environment)
    assert code == expected
    assert said.count(message) == 1
    assert "Traceback" not in said


def test_without_a_radio_a_walk_is_skipped_with_the_reason_and_fails_if_needs_are_strict(
    tmp_path: Path,
) -> None:
    bench = tmp_path / "bench.toml"
    bench.write_text('board = "virtual"\nport = "/dev/none"\nperson = true\n'
                     '[phone]\nkind = "none"\n')  # fmt: skip
    words = ("tests/hil/test_range.py", "-rs", "--bench", bench)
    code, said = pytest_says(*words)
    assert code == 0, said
    assert said.count("this bench has no phone") >= 1
    code, said = pytest_says(*words, "--strict-needs")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "skipped" not in said
