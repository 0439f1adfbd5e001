"""The same tests on a board that is reached only through ports, as hardware is.

`vigie board --bench` is the hardware, in a process of its own and on the wall clock: the board
behind a PTY and behind RFC 2217, a second board as its rig, a radio behind HCI over TCP.
"""

import fcntl
import os
import subprocess
import sys
import termios
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.virtual.test_board_command import MPREMOTE, VIGIE, stop
from vigie.paths import BOARDS, ROOT


@contextmanager
def running(*words: str | Path, says: int = 1) -> Generator[list[str]]:
    """A `vigie` in another process, and the first lines it says."""
    process = subprocess.Popen(
        [VIGIE, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(says)]
    try:
        yield lines
    finally:
        stop(process)


def suite_says(*words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_same_tests_pass_on_a_board_behind_its_port_with_a_rig_and_a_phone() -> None:
    with (
        running("board", "--firmware", "--realtime", "--bench", says=3) as (port, rig, phone),
        running("bridge", port, "--listen", "127.0.0.1:0") as (address,),
    ):
        code, said = suite_says(
            *(f"tests/board/test_{name}.py" for name in ("gestures", "siren", "link")),
            "-k", "within_150_ms or hears_of_a_press or nonsense",
            "--strict-needs", "--port", address, *rig.split(), *phone.split(),
        )  # fmt: skip
    assert code == 0, said
    assert "3 passed" in said
    assert "skipped" not in said


def test_without_rig_and_phone_each_test_is_skipped_with_the_reason_or_fails() -> None:
    words = ("tests/board/test_siren.py", "-k", "phone_can_sound_it or clicks_do_not")
    with running("board", "--firmware") as (port,):
        code, said = suite_says(*words, "--port", port, "--phone", "none")
        assert code == 0
        assert "this bench cannot: press (close and open the key), siren" in said
        code, said = suite_says(*words, "--port", port, "--phone", "none", "--strict-needs")
        assert code == pytest.ExitCode.TESTS_FAILED
        assert "2 failed" in said or "2 errors" in said


def probe(port: str, *words: str) -> tuple[int, str]:
    """The message and exit code of a run of a test that needs the board alone."""
    return suite_says("tests/virtual/probe_board.py", "--port", port, *words)


@pytest.mark.parametrize("port", ["/dev/does-not-exist", "socket://127.0.0.1:1"])
def test_a_port_that_is_not_there_is_one_message(port: str) -> None:
    code, said = probe(port)
    assert code == 2
    assert said.count("cannot be opened") == 1
    assert "Traceback" not in said


def test_a_port_on_which_nothing_answers_is_one_message() -> None:
    far, near = os.openpty()
    try:
        code, said = probe(os.ttyname(near))
    finally:
        os.close(far)
        os.close(near)
    assert code == 2
    assert said.count("No MicroPython answers") == 1
    assert "Traceback" not in said


def test_a_board_without_the_firmware_is_one_message() -> None:
    with running("board") as (port,):
        code, said = probe(port)
    assert code == 2
    assert said.count("but not this firmware") == 1
    assert "vigie deploy --port" in said


def test_a_board_with_another_configuration_is_one_message(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text((BOARDS / "virtual.toml").read_text().replace("gap_ms = 500", "gap_ms = 400"))
    with running("board", "--firmware") as (port,):
        code, said = probe(port, "--board", str(other))
    assert code == 2
    assert said.count("is configured otherwise") == 1


def test_a_person_is_asked_on_the_terminal_and_presses_by_hand() -> None:
    board = subprocess.Popen(
        [VIGIE, "board", "--firmware"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert board.stdin and board.stdout
    try:
        port = board.stdout.readline().strip()
        tests, terminal = in_a_terminal(
            "tests/virtual/probe_board.py", "-k", "gesture", "--port", port, "--rig", "hand"
        )
        assert ">>> get ready to click ..." in until(terminal, ">>> NOW")
        board.stdin.write("single\n")
        board.stdin.flush()
        until(terminal, "1 passed")
        assert tests.wait(30) == 0
        os.close(terminal)
    finally:
        stop(board)


def in_a_terminal(*words: str) -> tuple[subprocess.Popen[bytes], int]:
    """Tests in another process with a terminal of its own, and the far end of that."""
    far, near = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", *words],
        cwd=ROOT,
        stdin=near,
        stdout=near,
        stderr=near,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(near, termios.TIOCSCTTY, 0),
    )
    os.close(near)
    return process, far


def until(terminal: int, *texts: str) -> str:
    """What a terminal shows until all of these have been shown."""
    shown = ""
    while not all(text in shown for text in texts):
        shown += os.read(terminal, 4096).decode()
    return shown


def test_a_bridge_serves_one_client_and_the_next_after_it() -> None:
    with (
        running("board", "--firmware") as (port,),
        running("bridge", port, "--listen", "127.0.0.1:0") as (address,),
    ):
        for _ in range(2):
            done = subprocess.run(
                [MPREMOTE, "connect", address, "exec", "print(6 * 7, b'\\xff\\x00')"],
                capture_output=True, text=True, check=True, timeout=60,
            )  # fmt: skip
            assert done.stdout.split() == ["42", "b'\\xff\\x00'"]
