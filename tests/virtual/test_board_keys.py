"""Commands on the standard input of `vigie board` press its key, as its serial port shows."""

import subprocess
from pathlib import Path

import pytest

from tests.virtual.console_port import listening
from tests.virtual.test_board_command import VIGIE, stop


def test_typed_presses_are_gestures_whatever_else_is_typed(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [VIGIE, "board", "--firmware", "--pty", tmp_path / "button"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout and process.stderr
    with listening(process.stdout.readline().strip()) as console:
        console.until("advertising")
        process.stdin.write("nonsense\nsingle\n")
        process.stdin.flush()
        console.until("gesture single")
        process.stdin.write("double older worn_25\n")
        process.stdin.close()  # which does not end the board
        console.until("gesture double")
    process.terminate()
    complaint, *_ = process.stderr.read().splitlines()
    assert complaint == "There is no command 'nonsense'. Type help."
    stop(process)


@pytest.mark.parametrize("closed", [True, False])
def test_without_anybody_to_type_it_runs_all_the_same(tmp_path: Path, closed: bool) -> None:
    redirection = "<&-" if closed else "</dev/null"
    process = subprocess.Popen(
        f"exec {VIGIE} board --firmware --pty {tmp_path / 'button'} {redirection}",
        shell=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with listening(process.stdout.readline().strip()) as console:
        console.until("advertising")
    stop(process)
