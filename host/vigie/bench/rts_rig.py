"""The rig `rts`: the modem lines of a USB-serial adapter, through a transistor, press the key.

The key is pressed while RTS is asserted and DTR is not. Opening a port asserts both, and closing
it neither, so neither presses the key; RTS stays asserted and DTR alone moves. CTS and DSR can
sense the siren and the indicator. Wiring: benches/README.md.
"""

import asyncio
import itertools
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol, cast

import serial

from vigie.bench.protocol import KeyEdge, Unable
from vigie.bench.sampled import Sampled
from vigie.bench.signal import Signal
from vigie.errors import VigieError
from vigie.lab.traces import Edge

LOOK_EVERY_S = 0.002
INPUTS = ("cts", "dsr")
OUTPUTS = ("siren", "indicator")


class ModemLines(Protocol):
    """What is used of pyserial's port. True is asserted: low at the pin of the adapter."""

    @property
    def rts(self) -> bool:
        """An output."""
        ...

    @rts.setter
    def rts(self, asserted: bool) -> None: ...

    @property
    def dtr(self) -> bool:
        """An output."""
        ...

    @dtr.setter
    def dtr(self, asserted: bool) -> None: ...

    @property
    def cts(self) -> bool:
        """An input."""
        ...

    @property
    def dsr(self) -> bool:
        """An input."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """An edge: when it was due and when the adapter had been told, on the loop's clock."""

    due_s: float
    done_s: float
    level: int


class RtsRig:
    """See vigie.bench.protocol.Rig.

    An edge takes the milliseconds of a USB transfer, so bounce cannot be played.

    Args:
        lines: of an open port.
        senses: which input senses what: {"siren": "cts"}.
        active_low: outputs that are active while their level is low.
    """

    def __init__(
        self,
        lines: ModemLines,
        senses: Mapping[str, str],
        active_low: frozenset[str] = frozenset(),
    ):
        self.siren, self.indicator = Signal("siren"), Signal("indicator")
        self.abilities = frozenset({"press", "timing", *senses})
        self.played: list[Played] = []
        self._lines = lines
        self._active_low = active_low
        self._loop = asyncio.get_running_loop()
        lines.dtr = True
        lines.rts = True
        self._inputs = [(senses[s.name], s, Sampled()) for s in (self.siren, self.indicator)
                        if s.name in senses]  # fmt: skip
        self._looking = self._loop.call_soon(self._look) if senses else None

    @property
    def edges(self) -> list[KeyEdge]:
        """The key's edges so far."""
        return [(played.done_s, played.level) for played in self.played]

    def set_key(self, pressed: int) -> None:
        """Close (1) or open (0) the key now. Raises OSError when the adapter is gone."""
        self._set(self._loop.time(), [pressed])

    def play(self, edges: Sequence[Edge]) -> float:
        """Play these edges on the key from now on; seconds until the last one."""
        start_s = self._loop.time()
        for t_us, of_a_moment in itertools.groupby(edges, key=lambda edge: edge[0]):
            due_s = start_s + t_us / 1e6
            self._loop.call_at(due_s, self._set, due_s, [level for _, level in of_a_moment])
        return edges[-1][0] / 1e6 if edges else 0.0

    async def press(self, hold_ms: float = 90.0) -> float:
        """Press once; the loop's time of the first edge."""
        self.set_key(1)
        pressed_s = self.played[-1].done_s
        await asyncio.sleep(hold_ms / 1000)
        self.set_key(0)
        return pressed_s

    async def perform(self, edges: Sequence[Edge]) -> float:
        """Play these edges to their end; the loop's time of the first."""
        before = len(self.played)
        await asyncio.sleep(self.play(edges))
        return self.played[before].done_s

    def power(self, on: bool) -> None:
        """It has no hand on the power."""
        raise Unable("rig", "power")

    def break_flash(self, broken: bool) -> None:
        """No rig of hardware can."""
        raise Unable("rig", "flash faults")

    def close(self) -> None:
        """Let go of the key, in an order that does not press it."""
        if self._looking:
            self._looking.cancel()
        with suppress(OSError):  # the adapter may be gone
            self._lines.dtr = True
            self._lines.rts = False
            self._lines.dtr = False

    def _set(self, due_s: float, levels: Sequence[int]) -> None:
        for level in levels:
            self._lines.dtr = not level
            self.played.append(Played(due_s, self._loop.time(), level))

    def _look(self) -> None:
        for name, signal, sampled in self._inputs:
            asserted: bool = getattr(self._lines, name)
            high = not asserted
            for t_s, active in sampled.sample(
                self._loop.time(), high != (signal.name in self._active_low)
            ):
                signal.sensed(t_s, active)
        self._looking = self._loop.call_later(LOOK_EVERY_S, self._look)


@contextmanager
def opened_lines(port: str) -> Generator[ModemLines]:
    """The modem lines of the adapter at a port, with the key open.

    Raises:
        VigieError: the port cannot be opened, or it has no such lines.
    """
    with ExitStack() as stack:
        try:
            lines = serial.serial_for_url(port, do_not_open=True, exclusive=True)
            lines.rts = lines.dtr = True
            lines.open()
            stack.enter_context(lines)
            lines.dtr = True  # while opening, pyserial passes over a port without lines
        except (OSError, ValueError) as e:
            raise VigieError(
                f"The adapter at {port} cannot press: {e}.",
                "A USB-serial adapter with the lines RTS and DTR is needed; a PTY has none.",
            ) from None
        yield cast(ModemLines, lines)
