"""How late a rig's edges are: a figure of the rig and of the computer it is plugged into."""

import asyncio
import gc
from dataclasses import dataclass

from vigie.bench.rts_rig import Played, RtsRig, opened_lines

PRESSES = 250
PERIOD_MS = 20


@dataclass(frozen=True, slots=True)
class Lateness:
    """Milliseconds from when an edge was due until the adapter had been told, of `edges` edges."""

    edges: int
    p50_ms: float
    p99_ms: float
    most_ms: float


def measure(port: str, presses: int = PRESSES) -> Lateness:
    """Press and let go, every `PERIOD_MS`; takes two edges a press. Raises VigieError."""

    async def play() -> list[Played]:
        with opened_lines(port) as lines:
            rig = RtsRig(lines, {})
            edges = [(i * PERIOD_MS * 1000, 1 - i % 2) for i in range(2 * presses)]
            await asyncio.sleep(rig.play(edges) + 0.1)
            rig.close()
            return rig.played

    gc.collect()
    return lateness(asyncio.run(play()))


def lateness(played: list[Played]) -> Lateness:
    """Of these edges, one at least."""
    late_ms = sorted((p.done_s - p.due_s) * 1000 for p in played)
    p50, p99 = (late_ms[min(len(late_ms) - 1, round(q * len(late_ms)))] for q in (0.5, 0.99))
    return Lateness(len(played), round(p50, 2), round(p99, 2), round(late_ms[-1], 2))
