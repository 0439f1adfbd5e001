"""Gives the pins of a chip to the parts of a board, and refuses what cannot work."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from vigie.boards.chips import Chip
from vigie.reading.toml_table import Table


class Use(Enum):
    """What a part wants of its pin."""

    READ = "read"
    DRIVE = "drive"
    MEASURE = "measure"
    WAKE = "wake"
    """Read, also to wake the chip from deep sleep."""


class Pins:
    """The pins of one board while its file is read.

    Args:
        chip_name: for the messages.
        chip: what its pins can do.
        psram: kind of PSRAM on the board, or "none".
        header: the pins that the board brings out; None for all.
        reserved: pins that the board itself uses, and for what.
        serial_console: whether the console is the chip's UART0.
    """

    def __init__(
        self,
        chip_name: str,
        chip: Chip,
        psram: str = "none",
        header: frozenset[int] | None = None,
        reserved: Mapping[int, str] | None = None,
        *,
        serial_console: bool = False,
    ):
        self._name = chip_name
        self._chip = chip
        self._psram = chip.psram.get(psram, frozenset[int]())
        self._header = header
        self._reserved = dict(reserved or {})
        self._serial_console = serial_console
        self._taken: dict[int, str] = {}

    def take(self, table: Table, part: str, use: Use, key: str = "pin") -> int:
        """The pin that a part's table names under this key.

        Raises:
            VigieError: the chip has no such pin, it cannot do this, or something else has it; it
                says why, and which pins could be used here.
        """
        pin = table.integer(key, "boards/README.md explains it.")
        why = self._why_not(pin, use)
        if why:
            raise table.error(why, self._alternatives(use), key)
        if pin in self._taken:
            what = f"pin {pin} is the {self._taken[pin]}'s already"
            hint = f"Give the {part} a pin of its own. {self._alternatives(use)}"
            raise table.error(what, hint, key)
        self._taken[pin] = part
        return pin

    def take_for_board(self, table: Table, key: str, pins: Iterable[int]) -> tuple[int, ...]:
        """Pins that the board itself needs driven: no header brings them out.

        Raises:
            VigieError: the chip has no such pin, cannot drive it or needs it itself, or it is
                named twice.
        """
        given = tuple(pins)
        for pin in given:
            why = self._why_never(pin) or self._why_not_driven(pin)
            if pin in self._taken:
                why = f"pin {pin} is in the list twice"
            if why:
                raise table.error(why, "Name the pins that the board's maker documents.", key)
            self._taken[pin] = "board"
        return given

    def can_pull(self, pin: int) -> bool:
        """Whether there is a pull resistor inside."""
        return pin not in self._chip.inputs_only

    def _why_not(self, pin: int, use: Use) -> str:
        """Why this pin cannot be used for this; empty if it can."""
        why = self._why_never(pin)
        if not why and pin in self._reserved:
            why = f"the board itself uses pin {pin}: {self._reserved[pin]}"
        if not why and self._header is not None and pin not in self._header:
            why = f"the board does not bring out pin {pin}"
        reasons: dict[Use, Callable[[int], str]] = {
            Use.READ: lambda pin: "",
            Use.DRIVE: self._why_not_driven,
            Use.MEASURE: self._why_not_measured,
            Use.WAKE: self._why_no_wake,
        }
        return why or reasons[use](pin)

    def _why_never(self, pin: int) -> str:
        chip, name = self._chip, self._name
        if pin not in chip.gpio:
            return f"the {name} has no pin {_short(pin)}"
        if pin in chip.flash:
            return f"pin {pin} of the {name} leads to the flash chip"
        if pin in self._psram:
            return f"pin {pin} of the {name} leads to the PSRAM of this board"
        if pin in chip.usb:
            return f"pin {pin} of the {name} is its USB port, which would vanish"
        if pin in chip.special:
            return f"pin {pin} of the {name} is {chip.special[pin]}"
        if pin in chip.straps:
            return f"pin {pin} of the {name} decides at a reset how it starts (a strapping pin)"
        if self._serial_console and pin in chip.console:
            return f"pin {pin} of the {name} is its serial console"
        return ""

    def _why_not_driven(self, pin: int) -> str:
        if pin in self._chip.inputs_only:
            return f"the {self._name} cannot drive its pin {pin}"
        if pin == self._chip.console[0]:
            return f"pin {pin} of the {self._name} chatters at every reset (start-up messages)"
        return ""

    def _why_not_measured(self, pin: int) -> str:
        if pin in self._chip.adc2:
            return (
                f"pin {pin} of the {self._name} is on its second converter (ADC2), which cannot "
                f"be relied on beside a radio"
            )
        if pin not in self._chip.adc1:
            return f"the {self._name} cannot measure at its pin {pin}"
        return ""

    def _why_no_wake(self, pin: int) -> str:
        if pin not in self._chip.wake:
            return f"pin {pin} of the {self._name} cannot wake it from deep sleep, a key must"
        return ""

    def _alternatives(self, use: Use) -> str:
        free = self._chip.gpio - set(self._taken)
        if use is Use.WAKE:  # a key does better with a pull inside
            free -= self._chip.inputs_only
        possible = sorted(pin for pin in free if not self._why_not(pin, use))
        if not possible:
            return "There is no free pin that can."
        return f"Possible here: {', '.join(map(str, possible))}."


def _short(number: int) -> str:
    text = str(number)
    return text if len(text) <= 12 else f"{text[:12]}..."
