"""Writes an image into a chip's flash, with esptool as a program of its own."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable

import serial

from vigie.boards.image_file import ImageFile
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError

BAUD = 460800
ATTEMPTS = 7
"""To connect, as esptool has it."""
_PERCENT = re.compile(rb"(\d+)(?:\.\d+)? ?%")
_PLAIN = {"NO_COLOR": "1", "TERM": "dumb", "PYTHONUNBUFFERED": "1"}
# What esptool says when it fails, and what to do then.
_FAILURES = (
    (
        r"Failed to connect|No serial data received|Wrong boot mode",
        "No chip answers at {port} that could be flashed",
        "Hold the button BOOT of the board, tap RESET or plug it in, then try again.",
    ),
    (
        r"This chip is ([\w-]+), not",
        "The chip at {port} is another one than {chip}, the chip of {name}",
        "Name its board with --board: `vigie boards list` shows them.",
    ),
    (
        r"port is busy|Could not open",
        "The port {port} cannot be opened",
        "Close other programs that use it, check the cable, then try again.",
    ),
    (
        r"read failed|device reports readiness|disconnected|multiple access",
        "The connection to {port} broke",
        "Nothing useful is in flash now: check the cable, then flash again.",
    ),
)


def command(board: BoardSpec, port: str, image: ImageFile, *, erase: bool) -> list[str]:
    """What esptool is called with."""
    chip = board.chip_facts
    words = ["--chip", board.chip, "--port", port, "--baud", str(BAUD)]
    words += ["--connect-attempts", str(ATTEMPTS), "write-flash"]
    words += ["--erase-all"] if erase else []
    return [sys.executable, "-m", "esptool", *words, hex(chip.image_offset), str(image.path)]


def check_port(port: str) -> None:
    """Raise VigieError, with the reason, unless this port can be had."""
    try:
        serial.Serial(port, exclusive=True).close()
    except (OSError, ValueError) as e:
        what, hint = _port_error(e, port)
        raise VigieError(what, hint) from None


def _port_error(error: Exception, port: str) -> tuple[str, str]:
    number = getattr(error, "errno", None)
    if number in (errno.ENOENT, errno.ENXIO, errno.ENODEV):
        return (
            f"There is no port {port}.",
            "`.venv/bin/mpremote connect list` shows the ports; a cable for charging has none.",
        )
    if number == errno.EACCES:
        return (
            f"You may not use the port {port}.",
            "On Linux: `sudo usermod -a -G dialout $USER`, then log in again.",
        )
    if number in (errno.EBUSY, errno.EAGAIN):
        return f"Another program uses the port {port}.", "Close it, then try again."
    return f"The port {port} cannot be opened: {error}.", "Check its name and the cable."


def flash(
    board: BoardSpec,
    port: str,
    image: ImageFile,
    *,
    erase: bool = True,
    progress: Callable[[str, int], None] = lambda line, percent: None,
    run: list[str] | None = None,
) -> None:
    """Write an image; esptool compares what it wrote.

    Args:
        board: the board.
        port: its serial port.
        image: a checked image.
        erase: first everything, the files on it included.
        progress: told what is done, and how much of it in percent.
        run: the program to run in esptool's place.

    Raises:
        VigieError: the port or the chip refuses; it says what to do.
    """
    check_port(port)
    words = run or command(board, port, image, erase=erase)
    said = bytearray()
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **_PLAIN}
    ) as program:
        assert program.stdout
        try:
            while piece := os.read(program.stdout.fileno(), 4096):
                said += piece
                _tell(bytes(said[-400:]), progress)
        except BaseException:
            program.terminate()
            raise
    if program.returncode:
        raise _failure(said.decode(errors="replace"), board, port)


def _tell(said: bytes, progress: Callable[[str, int], None]) -> None:
    line = re.split(rb"[\r\n]", said.rstrip())[-1]
    percent = _PERCENT.findall(line)
    text = "erasing" if b"ras" in line else "writing" if percent else "connecting"
    progress(text, int(percent[-1]) if percent else 0)


def _failure(said: str, board: BoardSpec, port: str) -> VigieError:
    for pattern, what, hint in _FAILURES:
        if re.search(pattern, said):
            names = {"port": port, "chip": board.chip, "name": board.name}
            return VigieError(f"{what.format(**names)}: {_reason(said)}", hint)
    return VigieError(
        f"esptool could not write the image: {_reason(said)}",
        "Try again; another cable or port of the computer often helps.",
    )


def _reason(said: str) -> str:
    """The line that has esptool's reason."""
    for line in said.splitlines():
        found = re.search(r"(?:fatal error occurred|ERROR): (.*)", line)
        if found:
            return re.sub(r"^A fatal error occurred: ", "", found[1]).strip()
    return said.strip().splitlines()[-1] if said.strip() else "it said nothing"
