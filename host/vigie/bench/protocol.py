"""What a board and a rig are. Tests and tools know these two shapes, not who implements them.

What not every bench can do has a name, an ability; a test says which it needs.
"""

from collections.abc import Sequence
from typing import Protocol

from vigie.bench.signal import Signal
from vigie.boards.console_log import Line
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.lab.traces import Edge

KeyEdge = tuple[float, int]
"""Seconds on the loop's clock, and the level: 1 pressed, 0 open."""

ABILITIES = {
    "press": "close and open the key",
    "bounce": "play edges that are as close as those of a bouncing contact",
    "timing": "know within 10 ms when an edge was",
    "siren": "sense the siren",
    "indicator": "sense the indicator",
    "microphone": "record: the board has a microphone",
    "power": "take the board's power away",
    "flash faults": "have the board's flash fail",
    "distance": "move the phone away, lose packets",
    "mtu": "have the phone carry short packets only",
    "hours": "wait for many minutes in a moment",
    "hardware": "measure physics: it needs a board behind a port",
    "key contact": "have the key's own contact close, and no transistor beside it: rig hand",
    "listen": "hear the siren: a calibrated microphone of this computer",
    "loudspeaker": "sound a tone: a loudspeaker of this computer",
    "current": "measure what the board draws: a meter",
    "person": "ask a person to walk, to be quiet, to read an instrument",
}
"""And what each means."""
OF_HARDWARE = frozenset({"hardware", "key contact", "listen", "loudspeaker", "current", "person"})
"""What no virtual bench can do."""


class Unable(VigieError):
    """Something was asked of a part of the bench that it has not the ability for."""

    def __init__(self, part: str, ability: str):
        super().__init__(f"The {part} cannot {ABILITIES[ability]} ({ability}).",
                         f'Mark the test with needs("{ability}").')  # fmt: skip


class Console(Protocol):
    """The serial console of a board. `lines` are those said so far."""

    lines: list[Line]

    @property
    def text(self) -> str:
        """All that was said so far."""
        ...

    async def said(self, pattern: str, *, within_s: float = 60.0, since: int = 0) -> Line:
        """The first line that matches, waiting for it. Raises TimeoutError."""
        ...


class Board(Protocol):
    """A board with the firmware on it."""

    @property
    def spec(self) -> BoardSpec:
        """Which board it is."""
        ...

    @property
    def console(self) -> Console:
        """What it says."""
        ...

    def machine_reset(self) -> None:
        """Reset the processor, as machine.reset() does."""
        ...


class Rig(Protocol):
    """What presses the key and senses the outputs.

    `abilities` names what it can do: a test that needs more is skipped, with the reason.
    """

    abilities: frozenset[str]
    siren: Signal
    indicator: Signal

    @property
    def edges(self) -> Sequence[KeyEdge]:
        """The key's edges as far as the rig knows them; some may be still to come."""
        ...

    def play(self, edges: Sequence[Edge]) -> float:
        """Play these edges on the key from now on; seconds until the last one."""
        ...

    def set_key(self, pressed: int) -> None:
        """Close (1) or open (0) the key now."""
        ...

    def power(self, on: bool) -> None:
        """Give the board power, or take it away at once and without warning."""
        ...

    def break_flash(self, broken: bool) -> None:
        """Let every flash operation fail from now on, or no more."""
        ...

    async def press(self, hold_ms: float = 90.0) -> float:
        """Press once, without bounce; the loop's time of the first edge."""
        ...
