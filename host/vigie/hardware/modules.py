"""What is printed on the boards, from hardware/modules.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vigie.errors import VigieError
from vigie.paths import HARDWARE
from vigie.reading.toml_table import Table, load_toml

FILE = HARDWARE / "modules.toml"
_SEE = "hardware/modules.toml explains its fields on top."
_MOST_PINS = 64


@dataclass(frozen=True, slots=True)
class Module:
    """A board as it is seen by whoever solders.

    labels: what is printed beside the pin of a GPIO, where that is not its number.
    plus: the pad that feeds what does not run from 3.3 V.
    cell: whether the cell hangs there.
    """

    title: str
    labels: Mapping[int, str]
    plus: str
    cell: bool

    def label(self, gpio: int) -> str:
        """A pin as the builder finds it: "D0 (GPIO1)", or "GPIO33"."""
        printed = self.labels.get(gpio)
        return f"{printed} (GPIO{gpio})" if printed else f"GPIO{gpio}"


def module(board: str, path: Path = FILE) -> Module:
    """What is known of a board of boards/; of an unknown one that it has pins and 5 V.

    Raises:
        VigieError: the file is wrong; it names the line.
    """
    file = load_toml(path, 64 * 1024, "list of boards", _SEE)
    if board not in file:
        return Module(board, {}, "5V", cell=False)
    table = file.table(board, _SEE)
    table.allow("title", "labels", "plus", "cell")
    return Module(
        table.text("title", _SEE),
        _labels(table.table("labels", _SEE)) if "labels" in table else {},
        table.text("plus", _SEE),
        table.flag("cell", _SEE),
    )


def _labels(table: Table) -> dict[int, str]:
    numbers = [n for n in range(_MOST_PINS) if str(n) in table]
    table.allow(*map(str, numbers))
    labels = {n: table.text(str(n), _SEE) for n in numbers}
    if len(set(labels.values())) < len(labels):
        raise VigieError(f"{FILE}: two pins of one board have one label", "Look at the board.")
    return labels
