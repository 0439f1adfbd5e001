"""A program that ends by an error is back at once, and whoever presses meanwhile is heard."""

import asyncio

import pytest

from button.core.wire import RESTARTED
from tests.virtual.conftest import MakeFaulty
from tests.virtual.programs import say
from vigie.bench.phones import BenchPhone
from vigie.bench.virtual_rig import VirtualRig
from vigie.phone.events import AlertTaken, ButtonState
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

CRASHES_ONCE = """
import asyncio
import button.services.supervisor as s
_run = s.Supervisor.run
async def crashing(self):
    try:
        open("crash.txt").close()
    except OSError:
        asyncio.create_task(bug())
    await _run(self)
async def bug():
    await asyncio.sleep(10)
    raise RuntimeError("a bug")
s.Supervisor.run = crashing
"""
CRASHES_AT_ITS_START = """
import button.services.alerts as a
def broken(self): raise RuntimeError("a bug")
a.Alerts.load = broken
"""


async def until_the_bug(board: VirtualBoard) -> None:
    await board.console.said("advertising", within_s=15)  # a key held at power-on delays it
    await board.console.said("a bug", within_s=60)


@pytest.mark.parametrize("after_s", [0.3, 1, 5, 9])
def test_a_press_after_a_crash_is_heard(
    world: World, make_faulty: MakeFaulty, phone: BenchPhone, after_s: float
) -> None:
    board = make_faulty(CRASHES_ONCE)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await until_the_bug(board)
        await asyncio.sleep(after_s)
        await rig.press(200)
        await phone.connect()
        await phone.transcript.saw(AlertTaken, within_s=2)
        assert phone.transcript.of(ButtonState)[-1].state.flags & RESTARTED

    world.run(play())


def test_a_hold_over_a_crash_is_an_alarm(world: World, make_faulty: MakeFaulty) -> None:
    board = make_faulty(CRASHES_ONCE)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await board.console.said("advertising", within_s=5)
        await asyncio.sleep(9)
        await rig.press(8000)
        assert rig.siren.active

    world.run(play())


def test_a_stuck_key_stays_a_fault_over_a_crash(world: World, make_faulty: MakeFaulty) -> None:
    board = make_faulty(CRASHES_ONCE)
    rig = VirtualRig(board)

    async def play() -> None:
        rig.set_key(1)
        board.power_on()
        await until_the_bug(board)
        await asyncio.sleep(60)
        assert not rig.siren.pulses
        assert not [x for x in board.console.lines if " gesture " in x.text]

    world.run(play())


def test_a_crash_silences_the_siren_and_keeps_its_traceback(
    world: World, make_faulty: MakeFaulty
) -> None:
    board = make_faulty(CRASHES_ONCE)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await board.console.said("advertising", within_s=5)
        await rig.press(2200)
        assert rig.siren.active
        await board.console.said("a bug", within_s=60)
        await asyncio.sleep(20)
        assert not rig.siren.active

    world.run(play())
    assert "RuntimeError: a bug" in say(world, board, "print(open('crash.txt').read())")


def test_a_program_that_cannot_start_leaves_time_for_ctrl_c(
    world: World, make_faulty: MakeFaulty
) -> None:
    board = make_faulty(CRASHES_AT_ITS_START)

    async def play() -> None:
        board.power_on()
        await board.console.said("Ctrl-C for the console", within_s=30)

    world.run(play())
    assert say(world, board, "print(6 * 7)") == "42\n"


def test_ctrl_c_while_it_starts_leaves_time_for_work(
    world: World, cold_board: VirtualBoard
) -> None:
    async def wait(seconds: float) -> None:
        await asyncio.sleep(seconds)

    cold_board.power_on()
    world.run(wait(0.45))
    assert "advertising" not in cold_board.console.text
    say(world, cold_board, "kept = 6")
    world.run(wait(60))
    assert say(world, cold_board, "print(kept * 7)") == "42\n"


def test_ctrl_c_silences_the_siren(world: World, cold_board: VirtualBoard) -> None:
    rig = VirtualRig(cold_board)

    async def boot_and_hold() -> None:
        cold_board.power_on()
        await cold_board.console.said("advertising", within_s=5)
        await rig.press(3000)

    world.run(boot_and_hold())
    assert rig.siren.active
    say(world, cold_board, "pass")
    assert not rig.siren.active
