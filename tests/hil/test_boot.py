"""How soon a button is there after a reset."""

import pytest

from vigie.bench.physics.limits import BOOT
from vigie.bench.physics.results import Results
from vigie.bench.protocol import Board

pytestmark = pytest.mark.needs("hardware")
RESET = r"machine\.reset\(\)"
"""The console's echo of what resets it."""


async def test_it_advertises_soon_after_a_reset(board: Board, results: Results) -> None:
    times_ms: list[float] = []
    for _ in range(5):
        since = len(board.console.lines)
        board.machine_reset()
        reset = await board.console.said(RESET, within_s=10, since=since)
        after = board.console.lines.index(reset) + 1
        there = await board.console.said("advertising", within_s=10, since=after)
        times_ms.append((there.t_s - reset.t_s) * 1000)
    results.keep("boot", reset_to_advertising_ms=times_ms, limit=BOOT.value, source=BOOT.source)
    assert BOOT.met_by(max(times_ms)), BOOT.told(max(times_ms))
