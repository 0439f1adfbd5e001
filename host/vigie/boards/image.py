"""Which MicroPython a board runs: the table [micropython] of its file."""

import re
from dataclasses import dataclass

from vigie.boards.parts import SEE
from vigie.reading.toml_table import Table

OLDEST = (1, 28, 0)
"""Older ones miscompile machine code for RISC-V, and crash when Bluetooth finds no memory."""
CONSOLES = ("usb", "serial")


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """A published build of MicroPython, and the project's own board definition.

    board: MicroPython's id of the board, with its variant behind a hyphen.
    version: of MicroPython, such as "1.28.0".
    file: the image's name where MicroPython publishes it.
    console: where the console is: the chip's own "usb", or "serial" (UART0).
    sha256: of the image; empty if it is not known here.
    custom: the folder in firmware/boards/ that builds an image with the firmware inside.
    """

    board: str
    version: str
    file: str
    console: str
    sha256: str = ""
    custom: str = ""


def read_image(table: Table) -> ImageSpec:
    """[micropython]. Raises VigieError if a value cannot be right."""
    board = _matching(
        table, "board", r"[A-Z0-9_]+(-[A-Z0-9_]+)?", "an id such as ESP32_GENERIC_C6"
    )
    version = _matching(table, "version", r"\d+\.\d+\.\d+", 'a version such as "1.28.0"')
    if tuple(map(int, version.split("."))) < OLDEST:
        what = f"MicroPython {version} is too old for the firmware"
        raise table.error(what, f"Take {'.'.join(map(str, OLDEST))} or newer.", "version")
    file = _matching(table, "file", r"[\w.-]+\.bin", "the name of an image, ending in .bin")
    if not (file.startswith(f"{board}-") and f"v{version}" in file):
        what = f"{file} is not an image of {board} {version}"
        raise table.error(
            what, "Its name begins with the board and has the version in it.", "file"
        )
    console = table.text("console", SEE)
    if console not in CONSOLES:
        what = f"console is {console[:20]!r}"
        raise table.error(what, f"Known here: {', '.join(CONSOLES)}.", "console")
    sha256 = custom = ""
    if "sha256" in table:
        sha256 = _matching(table, "sha256", r"[0-9a-f]{64}", "64 hexadecimal digits")
    if "custom" in table:
        custom = _matching(table, "custom", r"VIGIE_[A-Z0-9_]+", "a folder in firmware/boards/")
    return ImageSpec(board, version, file, console, sha256, custom)


def _matching(table: Table, key: str, pattern: str, what: str) -> str:
    text = table.text(key, SEE)
    if not re.fullmatch(pattern, text):
        raise table.error(f"{key} is {text[:70]!r}", f"It should be {what}.", key)
    return text
