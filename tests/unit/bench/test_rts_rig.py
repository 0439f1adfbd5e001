"""The rig `rts`: what its lines do to a key behind the transistor, on the virtual clock."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.bench.modem_lines import Lines
from vigie.bench import jitter
from vigie.bench.protocol import Unable
from vigie.bench.rts_rig import Played, RtsRig, opened_lines
from vigie.bench.sampled import SILENT_S, Sampled
from vigie.errors import VigieError
from vigie.virtual.clock import run

SENSES = {"siren": "cts", "indicator": "dsr"}


def on_rig(
    do: Callable[[RtsRig, Lines], Coroutine[Any, Any, object]],
) -> list[tuple[float, int]]:
    """The key's edges, in seconds, while `do` runs and when the rig is closed."""
    edges: list[tuple[float, int]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        lines = Lines(lambda level: edges.append((loop.time(), level)))
        rig = RtsRig(lines, SENSES)
        await do(rig, lines)
        rig.close()

    run(main())
    return edges


def test_opening_and_closing_the_adapter_presses_nothing() -> None:
    async def nothing(rig: RtsRig, lines: Lines) -> None: ...

    assert on_rig(nothing) == []


def test_edges_are_played_at_their_times() -> None:
    async def double(rig: RtsRig, lines: Lines) -> None:
        length_s = rig.play([(0, 1), (90_000, 0), (200_000, 1), (290_000, 0)])
        assert length_s == 0.29
        await asyncio.sleep(0.1)
        assert [level for _, level in rig.edges] == [1, 0]
        assert rig.edges[1][0] == pytest.approx(0.09)
        await asyncio.sleep(0.9)

    assert on_rig(double) == [
        (pytest.approx(t), level) for t, level in [(0.0, 1), (0.09, 0), (0.2, 1), (0.29, 0)]
    ]


def test_a_press_tells_when_it_began() -> None:
    async def press(rig: RtsRig, lines: Lines) -> None:
        await asyncio.sleep(5)
        assert await rig.press(100) == pytest.approx(5.0)

    assert on_rig(press) == [(pytest.approx(5.0), 1), (pytest.approx(5.1), 0)]


def test_a_rig_that_is_closed_while_it_presses_lets_go() -> None:
    async def hold(rig: RtsRig, lines: Lines) -> None:
        rig.set_key(1)

    assert [level for _, level in on_rig(hold)] == [1, 0]


def test_a_siren_is_sensed_though_its_tone_is_seen_by_chance() -> None:
    async def siren(rig: RtsRig, lines: Lines) -> None:
        loop = asyncio.get_running_loop()
        for i in range(400):  # 2.7 kHz, looked at every 2 ms, for a second; then silence
            wave = int(loop.time() * 2700 * 2) % 2 == 0
            lines.high["cts"] = 100 <= i < 300 and wave
            await asyncio.sleep(0.005)
        (pulse,) = rig.siren.pulses
        assert pulse.on_s == pytest.approx(0.5, abs=0.02)
        assert pulse.ms == pytest.approx(1000, abs=30)
        assert not rig.indicator.pulses

    on_rig(siren)


def test_what_it_cannot_do_is_said() -> None:
    async def ask(rig: RtsRig, lines: Lines) -> None:
        assert rig.abilities == {"press", "timing", "siren", "indicator"}
        with pytest.raises(Unable, match="cannot take the board's power away"):
            rig.power(False)
        with pytest.raises(Unable, match="flash"):
            rig.break_flash(True)

    on_rig(ask)


@given(st.lists(st.tuples(st.floats(0.0005, 0.1), st.booleans()), max_size=60))
def test_what_is_sampled_alternates_and_keeps_its_order(
    samples: list[tuple[float, bool]],
) -> None:
    sampled, t_s, changes = Sampled(), 0.0, list[tuple[float, bool]]()
    for pause_s, high in samples:
        t_s += pause_s
        changes += sampled.sample(t_s, high)
    changes += sampled.sample(t_s + 1, False)
    assert [active for _, active in changes] == [True, False] * (len(changes) // 2)
    assert changes == sorted(changes, key=lambda change: change[0])
    gaps = [b - a for (a, off), (b, _) in itertools.pairwise(changes) if not off]
    assert all(gap > SILENT_S for gap in gaps)


def test_lateness_is_counted_from_when_an_edge_was_due() -> None:
    played = [Played(i, i + late / 1000, 1) for i, late in enumerate([1, 2, 3, 4, 50])]
    assert jitter.lateness(played) == jitter.Lateness(5, 3.0, 50.0, 50.0)


def test_it_plays_on_an_adapter_that_pyserial_opens() -> None:
    assert jitter.measure("loop://", presses=2).edges == 4


@pytest.mark.parametrize("port", ["/dev/does-not-exist", "nonsense://"])
def test_an_adapter_that_is_not_there_is_one_message(port: str) -> None:
    with pytest.raises(VigieError, match="cannot press"), opened_lines(port):
        pass
