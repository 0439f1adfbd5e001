"""Flash: an image in a file. Each operation is counted, takes its time, and may be the last."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from vigie.errors import VigieError
from vigie.virtual.bus import Op, Question
from vigie.virtual.chip.part import Ending, Orders, Part
from vigie.virtual.performing import Stall

BLOCK_BYTES = 4096
ERASED = b"\xff"
_ERASE_US = 45_000
_PROGRAM_US_PER_256 = 600
_EIO = 5


class Flash(Part):
    """The flash of one chip, in a file that outlives it.

    `operations` counts programs, erases and syncs; `hear` is told of each: where, and what is
    there now. `cut_at` names the operation (counted from 1) in which the power fails, `cut_done`
    how much of it is done by then (0 to 1); `broken` makes every operation fail as worn-out flash
    does.

    Args:
        image: the file. Only one chip with power can have it.
    """

    def __init__(self, image: Path):
        self.image = image
        self.operations = 0
        self.hear: list[Callable[[int, bytes], None]] = []
        self.cut_at: int | None = None
        self.cut_done = 0.0
        self.broken = False
        self.power_failed: Callable[[], None] = lambda: None
        self.on_stall: Callable[[int], None] = lambda us: None
        self._fd = -1

    def orders(self) -> Orders:
        """See Part."""
        return {
            Op.FLASH_PROGRAM: lambda q: self._change(q, q.data),
            Op.FLASH_ERASE: lambda q: self._change(q, ERASED * q.b),
            Op.FLASH_SYNC: lambda q: self._change(q, b""),
        }

    def take(self) -> None:
        """Have the image for oneself. Raises VigieError if another board has it."""
        fd = os.open(self.image, os.O_RDWR)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            raise VigieError(
                f"Another board runs on the flash image {self.image}.",
                "Switch it off, or give this board a folder of its own.",
            ) from None
        self._fd = fd

    def stopped(self, ending: Ending) -> None:
        """See Part."""
        os.close(self._fd)
        self._fd = -1

    def cut(self, at_operation: int, done: float) -> None:
        """Let the power fail in that operation from now on, with this much of it done."""
        self.operations = 0
        self.cut_at = at_operation
        self.cut_done = done

    def _change(self, question: Question, data: bytes) -> Stall:
        self.operations += 1
        if self.broken:
            return Stall(-_EIO, 0)
        fails = self.operations == self.cut_at
        done = min(int(len(data) * self.cut_done), len(data) - 1) if fails else len(data)
        if done > 0:
            self._write(question, data[:done])
        if fails:
            self.power_failed()
        us = _duration_us(question, len(data))
        self.on_stall(us)
        return Stall(0, us)

    def _write(self, question: Question, data: bytes) -> None:
        if question.op == Op.FLASH_PROGRAM:  # which can only clear bits
            old = int.from_bytes(os.pread(self._fd, len(data), question.a), "little")
            data = (old & int.from_bytes(data, "little")).to_bytes(len(data), "little")
        os.pwrite(self._fd, data, question.a)
        for hear in self.hear:
            hear(question.a, data)


def _duration_us(question: Question, length: int) -> int:
    if question.op == Op.FLASH_ERASE:
        return _ERASE_US
    return _PROGRAM_US_PER_256 * (1 + length // 256) if question.op == Op.FLASH_PROGRAM else 0


def make_blank(image: Path, size: int) -> None:
    """An erased flash."""
    image.write_bytes(ERASED * size)


def check_image(image: Path) -> None:
    """Raise VigieError unless this file can be a flash image."""
    size = image.stat().st_size
    if size < 2 * BLOCK_BYTES or size % BLOCK_BYTES:
        raise VigieError(
            f"{image} is no flash image: {size} bytes are not some blocks of {BLOCK_BYTES}.",
            "Remove it, and a blank one is made.",
        )
