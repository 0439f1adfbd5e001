"""How the key of this board bounces, against the timing that the board has.

Only a hand closes the key's own contact: a rig `board` or `rts` moves a transistor beside it, and
that does not bounce. On the virtual board, which has no contact, such a rig tries this code.
"""

from collections.abc import Sequence

import pytest
from mpremote.transport_serial import SerialTransport

from vigie.bench.bench_file import BenchSpec
from vigie.bench.physics.bounces import flaws, statistics
from vigie.bench.physics.presses import recorded
from vigie.bench.physics.results import Results
from vigie.bench.protocol import Rig
from vigie.boards.spec import BoardSpec
from vigie.lab.traces import Edge
from vigie.virtual.world import World

pytestmark = pytest.mark.needs("hardware", "press", "key contact")
PRESSES = 12
HOLDS_MS = (60, 90, 150)


def press(hold_ms: int) -> Sequence[Edge]:
    """Clean, so that what bounces is the contact."""
    return ((0, 1), (hold_ms * 1000, 0))


def test_no_bounce_is_as_long_as_a_release(
    world: World,
    console: SerialTransport,
    rig: Rig,
    hardware: BenchSpec,
    board_spec: BoardSpec,
    results: Results,
) -> None:
    presses = [press(HOLDS_MS[n % len(HOLDS_MS)]) for n in range(PRESSES)]
    traces = world.run(recorded(console, board_spec, rig, presses))
    results.folder.mkdir(parents=True, exist_ok=True)
    file = results.folder / "bounces.jsonl"
    file.write_text("".join(trace.as_json() + "\n" for trace in traces))
    found = statistics(traces, board_spec.timing)
    told = flaws(found, board_spec.timing)
    results.keep("bounces", rig=hardware.rig.kind, is_the_keys_contact=hardware.rig.kind == "hand",
                 figures=found, timing=board_spec.timing, flaws=told)  # fmt: skip
    assert not told
