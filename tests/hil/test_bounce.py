"""How the key of this board bounces, against the timing that the board has."""

from collections.abc import Sequence

import pytest
from mpremote.transport_serial import SerialTransport

from vigie.bench.physics.bounces import flaws, statistics
from vigie.bench.physics.presses import recorded
from vigie.bench.physics.results import Results
from vigie.bench.protocol import Rig
from vigie.boards.spec import BoardSpec
from vigie.lab.traces import Edge
from vigie.virtual.world import World

pytestmark = pytest.mark.needs("hardware", "press")
PRESSES = 12
HOLDS_MS = (60, 90, 150)


def press(hold_ms: int) -> Sequence[Edge]:
    """Clean, so that what bounces is the contact; a rig's own contact does not."""
    return ((0, 1), (hold_ms * 1000, 0))


def test_no_bounce_is_as_long_as_a_release(
    world: World,
    console: SerialTransport,
    rig: Rig,
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
    results.keep("bounces", figures=found, timing=board_spec.timing, flaws=told)
    assert not told
