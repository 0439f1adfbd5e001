"""Plays the sequence on a board, whatever it is, and keeps what was seen."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from vigie.bench.parity.observe import Began, Run
from vigie.bench.parity.sequence import END_RECORDING_S, SMS_TAKES_S, WINDOW_S, Gesture
from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.bench.signal import Signal
from vigie.lab.detect import detect, timing_of
from vigie.lab.traces import Edge

SETTLE_S = 3.0
"""After the phone has greeted the button: both are done with that."""


class TimedRig(Rig, Protocol):
    """A rig that knows when its edges were."""

    async def perform(self, edges: Sequence[Edge]) -> float:
        """Play these edges to their end; the loop's time of the first."""
        ...


async def play(
    board: Board,
    rig: TimedRig,
    phone: BenchPhone | None,
    sequence: Sequence[Gesture],
    *,
    rounds: int = 1,
    wait_s: float = 0.0,
) -> Run:
    """Play it so many times.

    Args:
        board: running.
        rig: presses its key.
        phone: switched off; None if there is none.
        sequence: what to play.
        rounds: how many times.
        wait_s: until the first gesture: another phase to the radio.
    """
    run = Run()
    if phone:
        phone.sms.delay_s = lambda: SMS_TAKES_S
        await phone.connect(within_s=30)
    await asyncio.sleep(SETTLE_S + wait_s)
    timing = timing_of(board.spec.timing)
    for turn in range(1, rounds + 1):
        for gesture in sequence:
            decided_ms = detect(gesture.edges, timing)[0].t_us / 1000
            at_s = await _gesture(gesture, rig, phone)
            run.began.append(Began(turn, gesture.name, at_s, decided_ms))
    run.lines = list(board.console.lines)
    run.siren = changes(rig.siren)
    run.indicator = list(rig.indicator.pulses)
    run.phone = list(phone.transcript.events) if phone else []
    return run


def changes(signal: Signal) -> list[tuple[float, bool]]:
    """When an output became active or silent."""
    seen = [change for p in signal.pulses for change in ((p.on_s, True), (p.off_s, False))]
    return [*seen, (signal.since_s, True)] if signal.active else seen


async def _gesture(gesture: Gesture, rig: TimedRig, phone: BenchPhone | None) -> float:
    began_s = await rig.perform(gesture.edges)
    now_s = asyncio.get_running_loop().time
    if phone and gesture.records:
        await asyncio.sleep(began_s + END_RECORDING_S - now_s())
        phone.record(False)
    await asyncio.sleep(began_s + WINDOW_S - now_s())
    return began_s
