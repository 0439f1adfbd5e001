"""Gives the pins of a chip to the parts of a board, and refuses what the chip cannot do."""

from enum import Enum

from vigie.boards.chips import Chip
from vigie.reading.toml_table import Table


class Use(Enum):
    """What a part wants of its pin."""

    READ = "read"
    DRIVE = "drive"
    MEASURE = "measure"


class Pins:
    """The pins of one board while its file is read.

    Args:
        chip_name: for the messages.
        chip: which pins there are.
    """

    def __init__(self, chip_name: str, chip: Chip):
        self._chip_name = chip_name
        self._chip = chip
        self._taken: dict[int, str] = {}

    def take(self, table: Table, part: str, use: Use, key: str = "pin") -> int:
        """The pin that a part's table names under this key.

        Raises:
            VigieError: the chip has no such pin, it cannot do this, or another part has it.
        """
        pin = table.integer(key, "boards/README.md explains it.")
        chip = self._chip
        if pin not in chip.pins:
            raise self._error(table, key, f"has no pin {_short(pin)} to use", chip.pins)
        if use is Use.DRIVE and pin in chip.inputs_only:
            possible = chip.pins - chip.inputs_only
            raise self._error(table, key, f"cannot drive its pin {pin}", possible)
        if use is Use.MEASURE and pin not in chip.adc1:
            raise self._error(table, key, f"cannot measure at its pin {pin}", chip.adc1)
        if pin in self._taken:
            what = f"pin {pin} is the {self._taken[pin]}'s already"
            raise table.error(what, f"Give the {part} a pin of its own.", key)
        self._taken[pin] = part
        return pin

    def can_pull(self, pin: int) -> bool:
        """Whether there is a pull resistor inside."""
        return pin not in self._chip.inputs_only

    def _error(self, table: Table, key: str, what: str, possible: frozenset[int]) -> Exception:
        hint = f"Possible here: {', '.join(map(str, sorted(possible)))}."
        return table.error(f"the {self._chip_name} {what}", hint, key)


def _short(number: int) -> str:
    text = str(number)
    return text if len(text) <= 12 else f"{text[:12]}..."
