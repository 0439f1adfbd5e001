"""Presses as the board itself sees them: its recorder runs, and the firmware stands still."""

import asyncio
from collections.abc import Iterable, Sequence

from mpremote.transport_serial import SerialTransport

from vigie.bench.protocol import Rig
from vigie.boards.spec import BoardSpec
from vigie.lab.recorder import Recorder
from vigie.lab.traces import Edge, Trace

PAUSE_S = 1.0
"""The key open for so long ends a recording."""


async def recorded(
    transport: SerialTransport, spec: BoardSpec, rig: Rig, presses: Iterable[Sequence[Edge]]
) -> list[Trace]:
    """Have the rig, or the person behind it, play these; one recording of each.

    The board waits in its raw REPL afterwards. Raises VigieError.
    """
    recorder = await asyncio.to_thread(Recorder, transport, spec, PAUSE_S)
    recordings = recorder.recordings()
    seen: list[Trace] = []
    for edges in presses:
        recording = asyncio.create_task(asyncio.to_thread(next, recordings))
        rig.play(edges)
        seen.append(await recording)
    await asyncio.to_thread(recorder.halt)
    return seen
