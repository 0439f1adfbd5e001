"""In a paced world a busy computer makes things late, and never changes how far apart they are."""

import asyncio
import os
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
        for _ in range(os.cpu_count() or 1):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(busy.wait)
            stack.callback(busy.kill)
        yield


class Wall:
    """The wall's clock, which a test can move on."""

    def __init__(self) -> None:
        self.late_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.late_s

    def late(self, seconds: float) -> None:
        """This computer does something else for so long."""
        self.late_s += seconds


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()
    monkeypatch.setattr(clock, "time", wall)
    return wall


@pytest.fixture
def loop(wall: Wall) -> Generator[WorldLoop]:
    """A paced world's loop that somebody has held."""
    loop = WorldLoop(paced=True)
    loop.hold(wall)
    loop.release(wall)
    yield loop
    loop.close()


def played(spec: BoardSpec, folder: Path) -> tuple[list[float], float]:
    """How far apart the edges were, in us, and how far the world fell behind the wall, in s."""
    edges_s: list[float] = []

    def note(output: Output) -> None:
        if output.pin == 4:
            edges_s.append(output.t_s)

    async def play(world: World, board: VirtualBoard) -> float:
        board.gpio.on_output.append(note)
        board.power_on()
        await board.console.said("^played", within_s=60)
        board.gpio.on_output.remove(note)
        return world.loop.behind_s

    behind_s = in_real_time(spec, folder, PLAYS, play)
    return [(b - a) * 1e6 for a, b in pairwise(edges_s[-len(GAPS_US) :])], behind_s


@pytest.mark.usefixtures("load")
def test_edges_are_played_to_the_microsecond_on_a_busy_computer(
    board_spec: BoardSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "HOLD_MOST_S", 5.0)  # however busy it is
    gaps_us, _ = played(board_spec, tmp_path)
    assert gaps_us == pytest.approx(GAPS_US[1:], abs=LOOKS_US)


@pytest.mark.usefixtures("load")
def test_edges_are_exact_or_the_world_says_that_it_fell_behind(
    board_spec: BoardSpec, tmp_path: Path
) -> None:
    gaps_us, behind_s = played(board_spec, tmp_path)
    assert gaps_us == pytest.approx(GAPS_US[1:], abs=LOOKS_US) or behind_s > 0


def test_timers_find_their_own_time_even_when_it_has_passed(loop: WorldLoop, wall: Wall) -> None:
    found_s: list[float] = []

    async def main() -> None:
        began_s = loop.time()
        for after_s in (0.01, 0.02, 0.04):
            loop.call_later(after_s, lambda: found_s.append(loop.time() - began_s))
        wall.late(0.05)
        await asyncio.sleep(0.05)

    loop.run_until_complete(main())
    assert found_s == pytest.approx([0.01, 0.02, 0.04], abs=1e-6)


def test_time_stands_still_while_somebody_computes(
    loop: WorldLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "HOLD_MOST_S", 0.5)

    async def main() -> float:
        began_s = loop.time()
        ours, theirs = loop.create_future(), loop.create_future()
        loop.call_later(0.01, ours.set_result, None)
        loop.hold(theirs)
        loop._selector.select(0.01)  # pyright: ignore[reportPrivateUsage]
        assert loop.time() == began_s
        loop.release(theirs)
        await ours
        return loop.time() - began_s

    assert loop.run_until_complete(main()) == pytest.approx(0.01, abs=1e-6)


def test_who_computes_too_long_pays_for_the_time_from_then_on_only(
    loop: WorldLoop, wall: Wall
) -> None:
    found_s: list[float] = []

    async def main() -> None:
        began_s = loop.time()
        for after_s in (0.1, 0.2):
            loop.call_later(after_s, lambda: found_s.append(loop.time() - began_s))
        wall.late(0.2)
        loop.hold("a program without an end")
        wall.late(clock.HOLD_MOST_S)
        await asyncio.sleep(0.3)

    began_s = time.monotonic()
    loop.run_until_complete(main())
    assert found_s == pytest.approx([0.1, 0.2], abs=1e-6)
    assert time.monotonic() - began_s >= 0.3  # although the world was late by as much
    assert loop.behind_s < 0.1


def test_a_world_that_is_hopelessly_late_falls_behind_and_skips_nothing(
    loop: WorldLoop, wall: Wall
) -> None:
    async def main() -> float:
        began_s = loop.time()
        wall.late(100.0)
        await asyncio.sleep(0.01)
        return loop.time() - began_s

    assert loop.run_until_complete(main()) < 50
    assert loop.behind_s >= 100 - clock.LATE_MOST_S - 0.01


def test_an_exact_world_stands_still_between_two_runs(loop: WorldLoop, wall: Wall) -> None:
    async def now() -> float:
        return loop.time()

    before_s = loop.run_until_complete(now())
    wall.late(20)
    assert loop.run_until_complete(now()) < before_s + 20


def test_a_world_without_boards_keeps_the_wall_clock(wall: Wall) -> None:
    loop = WorldLoop(paced=True)
    before_s = loop.time()
    wall.late(20)
    assert loop.time() >= before_s + 20
    assert not loop.behind_s
    loop.close()
