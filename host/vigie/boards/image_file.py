"""What an image of MicroPython tells before it is written: that it is one, and for which chip.

The layout is Espressif's: a header of 24 bytes begins with 0xE9 and has the chip's number at byte
12; an application has its description behind the header of its first segment; a whole image has
the table of partitions at 0x8000 of the flash.
"""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

from vigie.boards.chips import CHIPS
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError

MAGIC = 0xE9
_HEADER_BYTES = 24
_CHIP_AT = 12
_APPLICATION_AT = 32
_APPLICATION = struct.pack("<I", 0xABCD5432)
_TABLE_IN_FLASH = 0x8000
_TABLE = b"\xaa\x50"
_MOST_BYTES = 16 * 1024 * 1024
_SEE = "boards/README.md says which image it takes."


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A whole image for this board."""

    path: Path
    size: int
    sha256: str
    is_known: bool
    """Whether the board file has this sha256."""


def check_image_file(path: Path, board: BoardSpec) -> ImageFile:
    """Read an image and make sure that it can run on this board.

    Raises:
        VigieError: it cannot be read, is no whole image, is for another chip, or is not the file
            whose sha256 the board's file has.
    """
    data = _read(path)
    if len(data) < _HEADER_BYTES or data[0] != MAGIC:
        raise VigieError(f"{path} is no image for these chips.", _SEE)
    number = int.from_bytes(data[_CHIP_AT : _CHIP_AT + 2], "little")
    if number != board.chip_facts.image_id:
        names = {chip.image_id: name for name, chip in CHIPS.items()}
        name = names.get(number, f"chip number {number}")
        raise VigieError(
            f"{path} is an image for {name}, and {board.name} has the chip {board.chip}.", _SEE
        )
    if data[_APPLICATION_AT : _APPLICATION_AT + 4] == _APPLICATION:
        raise VigieError(
            f"{path} is the application alone, which does not start by itself.",
            "Take firmware.bin of the same build: it has everything.",
        )
    table = _TABLE_IN_FLASH - board.chip_facts.image_offset
    if data[table : table + 2] != _TABLE:
        raise VigieError(
            f"{path} is not a whole image: it has no table of partitions.",
            "Load it again, it may be cut short; or take firmware.bin of your build.",
        )
    sha256 = hashlib.sha256(data).hexdigest()
    return ImageFile(path, len(data), sha256, _is_known(path, sha256, board))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise VigieError(f"{path} is larger than any flash of these boards.", _SEE)
        return path.read_bytes()
    except OSError as e:
        raise VigieError(f"{path} cannot be read: {e.strerror}.", _SEE) from None


def _is_known(path: Path, sha256: str, board: BoardSpec) -> bool:
    spec = board.micropython
    if spec is None or not spec.sha256:
        return False
    if path.name == spec.file and sha256 != spec.sha256:
        raise VigieError(
            f"{path} is not the file that {board.name}'s board file knows: its sha256 is "
            f"{sha256}.",
            "Load it again from MicroPython's own page; use nothing else of that name.",
        )
    return sha256 == spec.sha256
