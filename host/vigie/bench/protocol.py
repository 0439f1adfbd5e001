"""What a board and a rig are. Tests and tools know these two shapes, not who implements them."""

from collections.abc import Sequence
from typing import Protocol

from vigie.bench.signal import Signal
from vigie.boards.spec import BoardSpec
from vigie.lab.traces import Edge
from vigie.virtual.chip.console import Line


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

    spec: BoardSpec
    console: Console

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
