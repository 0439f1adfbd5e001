"""The rig of a virtual board: its own pins, without a wire."""

import asyncio
import itertools
from collections.abc import Sequence

from vigie.bench import needs
from vigie.bench.protocol import KeyEdge
from vigie.bench.signal import Signal
from vigie.lab.traces import Edge
from vigie.virtual.board import VirtualBoard
from vigie.virtual.chip.gpio import Output


class VirtualRig:
    """See vigie.bench.protocol.Rig."""

    def __init__(self, board: VirtualBoard):
        self.abilities = needs.of_virtual(board.spec)
        self._board = board
        self._key = board.spec.key
        self.siren = Signal("siren")
        self.indicator = Signal("indicator")
        self.edges: list[KeyEdge] = []
        board.gpio.on_output.append(self._sense)

    def set_key(self, pressed: int) -> None:
        """Put the key's contact into this state now."""
        self.edges.append((self._board.loop.time(), pressed))
        self._board.gpio.drive(self._key.pin, pressed ^ self._key.active_low)

    def power(self, on: bool) -> None:
        """Give the board power, or take it away at once and without warning."""
        if on:
            self._board.power_on()
        else:
            self._board.power_off()

    def break_flash(self, broken: bool) -> None:
        """Let every flash operation fail from now on, or no more."""
        self._board.flash.broken = broken

    def play(self, edges: Sequence[Edge]) -> float:
        """Play these edges on the key from now on; seconds until the last one."""
        start_s = self._board.loop.time()
        # One timer for all edges of a moment: timers of the same moment have no order.
        for t_us, of_a_moment in itertools.groupby(edges, key=lambda edge: edge[0]):
            levels = [level for _, level in of_a_moment]
            self._board.loop.call_at(start_s + t_us / 1e6, self._set_in_turn, levels)
        return edges[-1][0] / 1e6 if edges else 0.0

    def _set_in_turn(self, levels: Sequence[int]) -> None:
        for level in levels:
            self.set_key(level)

    async def press(self, hold_ms: float = 90.0) -> float:
        """Press once, without bounce; the loop's time of the first edge."""
        start_s = self._board.loop.time()
        self.set_key(1)
        await asyncio.sleep(hold_ms / 1000)
        self.set_key(0)
        return start_s

    async def perform(self, edges: Sequence[Edge]) -> float:
        """Play these edges to their end; the loop's time of the first."""
        start_s = self._board.loop.time()
        await asyncio.sleep(self.play(edges))
        return start_s + edges[0][0] / 1e6

    def _sense(self, output: Output) -> None:
        spec = self._board.spec
        if output.pin == spec.siren.pin:
            self.siren.sensed(output.t_s, output.active)
        elif output.pin == spec.indicator.pin:
            self.indicator.sensed(output.t_s, output.active != spec.indicator.active_low)
