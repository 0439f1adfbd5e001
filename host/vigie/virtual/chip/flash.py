"""Flash: the VM writes the image itself; here each operation is counted and may be the last."""

from pathlib import Path

from vigie.virtual.chip.part import Calls
from vigie.virtual.vm import Vm

ERASED = b"\xff"
_EIO = 5


class Flash:
    """The flash of one chip, in a file that outlives it.

    `operations` counts programs, erases and syncs. `cut_at` names the operation (counted from 1)
    in which the power fails, `cut_done` how much of it is done by then (0 to 1); `broken` makes
    every operation fail as worn-out flash does.
    """

    def __init__(self, image: Path):
        self.image = image
        self.operations = 0
        self.cut_at: int | None = None
        self.cut_done = 0.0
        self.broken = False

    def calls(self) -> Calls:
        """See Part."""
        return {"flash.change": self._change}

    def started(self, vm: Vm) -> None:
        """See Part."""

    def stopped(self, power_lost: bool) -> None:
        """See Part."""

    def cut(self, at_operation: int, done: float) -> None:
        """Let the power fail in that operation from now on, with this much of it done."""
        self.operations = 0
        self.cut_at = at_operation
        self.cut_done = done

    def _change(self, kind: str, at: int, length: int) -> int:
        """How many bytes get done; fewer than asked, or -1, and the power fails."""
        self.operations += 1
        if self.broken:
            raise OSError(_EIO, "flash is broken")
        if self.operations != self.cut_at:
            return length
        return min(int(length * self.cut_done), length - 1)


def make_blank(image: Path, size: int) -> None:
    """An erased flash."""
    image.write_bytes(ERASED * size)
