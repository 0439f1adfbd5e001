"""In a paced world a busy computer makes things late, and never changes how far apart they are."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from tests.virtual.programs import in_real_time
from vigie.bench.board_rig import SCRIPT
from vigie.boards.spec import BoardSpec
from vigie.virtual import clock
from vigie.virtual.board import VirtualBoard
from vigie.virtual.chip.gpio import Output
from vigie.virtual.clock import WorldLoop
from vigie.virtual.process import own_cores
from vigie.virtual.world import World

GAPS_US = [30_000, *[100, 1000] * 40, 300, 25_000]
LOOKS_US = 30
"""How far apart a program's looks at the clock may be, with what it does after the last."""
PLAYS = f"""{SCRIPT.read_text()}
player = Player(4, False, [])
player._play(array("i", {GAPS_US}), bytes(i % 2 == 0 for i in range({len(GAPS_US)})))
print("played")
"""


@pytest.fixture
def load() -> Generator[None]:
    """All cores are busy with something else."""
    with own_cores(), ExitStack() as stack:
        for _ in range(2):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(busy.wait)
            stack.callback(busy.kill)
        yield


@pytest.fixture
def loop() -> Generator[WorldLoop]:
    """A paced world's loop that somebody has held."""
    loop = WorldLoop(paced=True)
    loop.hold(loop)
    loop.release(loop)
    yield loop
    loop.close()


def late(seconds: float) -> None:
    """This computer is busy for so long."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        pass


@pytest.mark.usefixtures("load")
def test_edges_are_played_to_the_microsecond_on_a_busy_computer(
    board_spec: BoardSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "HOLD_MOST_S", 5.0)  # however busy it is
    monkeypatch.setattr(clock, "LATE_MOST_S", 60.0)
    edges_s: list[float] = []

    def note(output: Output) -> None:
        if output.pin == 4:
            edges_s.append(output.t_s)

    async def play(world: World, board: VirtualBoard) -> None:
        board.gpio.on_output.append(note)
        board.power_on()
        await board.console.said("^played", within_s=60)
        board.gpio.on_output.remove(note)

    in_real_time(board_spec, tmp_path, PLAYS, play)
    gaps_us = [(b - a) * 1e6 for a, b in pairwise(edges_s[-len(GAPS_US) :])]
    assert gaps_us == pytest.approx(GAPS_US[1:], abs=LOOKS_US)


def test_timers_find_their_own_time_even_when_it_has_passed(loop: WorldLoop) -> None:
    found_s: list[float] = []

    async def main() -> None:
        began_s = loop.time()
        for after_s in (0.01, 0.02, 0.04):
            loop.call_later(after_s, lambda: found_s.append(loop.time() - began_s))
        late(0.05)
        await asyncio.sleep(0.05)

    loop.run_until_complete(main())
    assert found_s == pytest.approx([0.01, 0.02, 0.04], abs=1e-6)


def test_time_stands_still_while_somebody_computes(loop: WorldLoop) -> None:
    async def main() -> float:
        began_s = loop.time()
        ours, theirs = loop.create_future(), loop.create_future()
        loop.call_later(0.01, ours.set_result, None)
        loop.hold(theirs)
        loop._selector.select(0.02)  # pyright: ignore[reportPrivateUsage]
        assert loop.time() == began_s
        loop.release(theirs)
        await ours
        return loop.time() - began_s

    assert loop.run_until_complete(main()) == pytest.approx(0.01, abs=1e-6)


def test_who_computes_too_long_is_not_waited_for(
    loop: WorldLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "HOLD_MOST_S", 0.02)

    async def main() -> float:
        began_s = loop.time()
        loop.hold("a program without an end")
        await asyncio.sleep(0.01)
        return loop.time() - began_s

    assert loop.run_until_complete(main()) == pytest.approx(0.01, abs=1e-6)


def test_a_world_that_is_hopelessly_late_leaps(
    loop: WorldLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "LATE_MOST_S", 0.03)

    async def main() -> float:
        began_s = loop.time()
        late(0.1)
        await asyncio.sleep(0.001)
        return loop.time() - began_s

    assert 0.07 <= loop.run_until_complete(main()) < 0.1


def test_what_happens_between_two_runs_is_not_caught_up(loop: WorldLoop) -> None:
    async def now() -> float:
        return loop.time()

    before_s = loop.run_until_complete(now())
    late(0.02)
    assert loop.run_until_complete(now()) >= before_s + 0.02
