"""Presses as the board itself sees them: its recorder runs, and the firmware stands still."""

import asyncio
from collections.abc import Iterable, Sequence

from mpremote.transport_serial import SerialTransport

from vigie.bench.protocol import Rig
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.lab.recorder import Recorder
from vigie.lab.traces import Edge, Trace

PAUSE_S = 1.0
"""The key open for so long ends a recording."""
MARGIN_S = 10.0
"""What a rig, a port or a person may be late; then the board does not see the key."""


async def recorded(
    transport: SerialTransport, spec: BoardSpec, rig: Rig, presses: Iterable[Sequence[Edge]]
) -> list[Trace]:
    """Have the rig, or the person behind it, play these; one recording of each.

    The board waits in its raw REPL afterwards.

    Raises:
        VigieError: the board did not see the key, or not every edge; or it is gone.
    """
    recorder = await asyncio.to_thread(Recorder, transport, spec, PAUSE_S)
    recordings = recorder.recordings()
    seen: list[Trace] = []
    try:
        for edges in presses:
            recorder.within_s = rig.play(edges) + PAUSE_S + MARGIN_S
            seen.append(await asyncio.to_thread(next, recordings))
    finally:
        await asyncio.to_thread(recorder.halt)
    if recorder.lost:
        raise VigieError(
            f"The board lost {recorder.lost} edges of its key: these recordings are not whole.",
            "They came faster than it can tell them: look for a loose contact, and measure again.",
        )
    return seen
