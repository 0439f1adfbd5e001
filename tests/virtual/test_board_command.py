"""`vigie board` leaves nothing behind, breaks nothing of the user's, and says what is wrong."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from vigie.paths import BOARDS
from vigie.virtual.board import FLASH_BYTES

VIGIE = Path(sys.executable).with_name("vigie")
MPREMOTE = Path(sys.executable).with_name("mpremote")


def start(*options: str | Path) -> tuple[subprocess.Popen[str], str]:
    """A `vigie board` in another process, and its port."""
    process = subprocess.Popen([VIGIE, "board", *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> None:
    process.send_signal(number)
    with process:
        process.wait(10)


def complaint(*options: str | Path) -> str:
    """What it says to something that it refuses."""
    done = subprocess.run(
        [VIGIE, "board", *options], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 2, done.stderr
    assert not done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_program_that_computes_does_not_outlive_a_killed_board() -> None:
    if sys.platform != "linux":
        return  # elsewhere it ends when it next asks for anything
    process, port = start()
    run: Sequence[str | Path] = [MPREMOTE, "connect", port, "exec", "--no-follow", "while 1: pass"]
    subprocess.run(run, check=True, capture_output=True)
    (vm,) = re.findall(
        r"\d+", subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True,
                               check=True).stdout
    )  # fmt: skip
    vm_end = os.pidfd_open(int(vm))
    try:
        stop(process, signal.SIGKILL)
        assert wait_for(vm_end)
    finally:
        os.close(vm_end)


def wait_for(end: int, within_s: float = 10.0) -> bool:
    """Whether a process ends in this time."""
    return bool(select.select([end], [], [], within_s)[0])


@pytest.mark.parametrize("kind", ["folder", "file", "folder behind a link", "file behind a link"])
def test_what_lies_at_the_ports_path_is_not_touched(tmp_path: Path, kind: str) -> None:
    precious = tmp_path / "precious"
    if kind.startswith("folder"):
        precious.mkdir()
    else:
        precious.write_text("precious")
    place = precious
    if "link" in kind:
        place = tmp_path / "link"
        place.symlink_to(precious)
    assert "cannot be linked" in complaint("--pty", place)
    assert place.is_symlink() == ("link" in kind)
    assert precious.exists()


def test_a_link_that_a_killed_board_left_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "button"
    first, _ = start("--pty", link)
    stop(first, signal.SIGKILL)
    assert link.is_symlink()
    second, port = start("--pty", link)
    assert port == str(link)
    third, _ = start("--pty", link)
    stop(second)
    assert link.exists(), "the link is the third board's"
    stop(third)
    assert not link.is_symlink()


@pytest.mark.parametrize("size", [0, 5000, 4096])
def test_a_file_that_is_no_flash_image_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "flash.img").write_bytes(bytes(size))
    assert "is no flash image" in complaint("--flash", tmp_path)


@pytest.mark.parametrize("text", ["{bad", "[1, 2]", '{"a/b": "xyz"}', "\xff"])
def test_storage_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "flash.img").write_bytes(b"\xff" * FLASH_BYTES)
    (tmp_path / "nvs.json").write_text(text, encoding="latin-1")
    assert "nvs.json" in complaint("--flash", tmp_path)


def test_two_boards_do_not_run_on_one_image(tmp_path: Path) -> None:
    first, _ = start("--flash", tmp_path / "flash")
    assert "Another board runs" in complaint("--flash", tmp_path / "flash")
    stop(first)
    second, _ = start("--flash", tmp_path / "flash")
    stop(second)


@pytest.fixture
def other_chip(tmp_path: Path) -> Path:
    """The description of a board with a chip that no virtual board models."""
    file = tmp_path / "other.toml"
    text = (BOARDS / "virtual.toml").read_text()
    file.write_text(text.replace('chip = "esp32"', 'chip = "esp32c3"'))
    return file


def test_a_board_with_another_chip_is_refused(other_chip: Path) -> None:
    assert "esp32c3" in complaint(str(other_chip))


def test_no_test_runs_on_another_chip_than_the_one_it_was_asked_for(other_chip: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--board", other_chip, "tests/board/test_siren.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "esp32c3" in done.stderr
