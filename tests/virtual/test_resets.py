"""Every way in which a chip starts again, and what survives it."""

import asyncio
from pathlib import Path

import pytest

from tests.virtual.programs import program, say
from vigie.bench.phones import BenchPhone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec
from vigie.phone.events import AlertTaken, LinkLost, LinkUp
from vigie.virtual import vm
from vigie.virtual.board import Cause, VirtualBoard
from vigie.virtual.world import World, WorldError, open_world

TELL = """
import machine, time
r = machine.RTC()
print("cause", machine.reset_cause(), "memory", r.memory(), "at", time.time() // 10)
"""


async def told(board: VirtualBoard) -> str:
    since = len(board.console.lines)
    return (await board.console.said("^cause", within_s=30, since=since)).text


def test_what_survives_which_reset(world: World, board_spec: BoardSpec, tmp_path: Path) -> None:
    main = TELL + "r.memory(b'kept')\ntime.sleep(20)\nmachine.soft_reset()\n"
    board = program(world, board_spec, tmp_path / "b", main)

    async def play() -> list[str]:
        board.power_on()
        answers = [await told(board), await told(board)]
        board.machine_reset()
        answers.append(await told(board))
        board.reset()
        answers.append(await told(board))
        return answers

    assert world.run(play()) == [
        "cause 1 memory b'' at 0",
        "cause 5 memory b'kept' at 2",
        "cause 2 memory b'kept' at 2",
        "cause 1 memory b'' at 0",
    ]


def test_a_program_that_sleeps_without_feeding_is_reset_by_the_watchdog(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    main = TELL + "machine.WDT(timeout=5000)\ntime.sleep(60)\n"
    board = program(world, board_spec, tmp_path / "b", main)

    async def play() -> float:
        board.power_on()
        await told(board)
        began_s = world.loop.time()
        assert (await told(board)).startswith("cause 3")
        return world.loop.time() - began_s

    assert world.run(play()) == pytest.approx(5.35, abs=0.1)


def test_the_watchdog_survives_a_soft_reset(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    main = TELL + (
        "if machine.reset_cause() == 1:\n    machine.WDT(timeout=5000)\n    machine.soft_reset()\n"
        "time.sleep(60)\n"
    )
    board = program(world, board_spec, tmp_path / "b", main)

    async def play() -> list[str]:
        board.power_on()
        return [await told(board) for _ in range(3)]

    assert [line.split(" memory")[0] for line in world.run(play())] == [
        "cause 1",
        "cause 5",
        "cause 3",
    ]


def test_a_program_that_computes_for_ever_is_reset_by_the_watchdog(
    world: World, board_spec: BoardSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vm, "HANG_S", 0.3)
    main = (
        TELL + "if machine.reset_cause() == 1:\n    machine.WDT(timeout=5000)\n    while 1: pass\n"
    )
    board = program(world, board_spec, tmp_path / "b", main)

    async def play() -> str:
        board.power_on()
        await told(board)
        return await told(board)

    assert world.run(play()).startswith("cause 3")
    assert board.resets[-1] == Cause.WATCHDOG


def test_a_program_that_computes_for_ever_without_a_watchdog_fails_the_test(
    board_spec: BoardSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vm, "HANG_S", 0.3)
    with open_world() as world:
        board = program(world, board_spec, tmp_path / "b", "while 1: pass\n")

        async def play() -> None:
            board.power_on()
            await asyncio.sleep(5)

        with pytest.raises(WorldError, match=r"computes for 0\.3 s"):
            world.run(play())
        board.crashes.clear()


def test_a_file_system_that_cannot_be_mounted_is_told_for_ever(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    board = program(world, board_spec, tmp_path / "b", "print('never')")
    board.flash.image.write_bytes(b"\x00" * 4096 * 128)

    async def play() -> None:
        board.power_on()
        await asyncio.sleep(10)

    since = len(board.console.lines)
    world.run(play())
    said = [line.text for line in board.console.lines[since:]]
    assert len([s for s in said if "cannot be mounted" in s]) >= 3
    assert "never" not in said


def test_after_ctrl_c_the_watchdog_leaves_time_for_work(
    world: World, cold_board: VirtualBoard
) -> None:
    async def boot() -> None:
        cold_board.power_on()
        await cold_board.console.said("advertising", within_s=5)

    async def an_hour() -> None:
        await asyncio.sleep(3600)

    world.run(boot())
    assert say(world, cold_board, "kept = 6\nprint(kept)") == "6\n"
    world.run(an_hour())
    assert say(world, cold_board, "print(kept * 7)") == "42\n"


async def test_a_reset_on_the_air_is_noticed_and_healed(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await phone.connect()
    since = len(phone.transcript.events)
    board.machine_reset()
    lost = await phone.transcript.saw(LinkLost, within_s=2, since=since)
    up = await phone.transcript.saw(LinkUp, within_s=10, since=since)
    assert up.t_s - lost.t_s < 5
    await rig.press()
    await phone.transcript.saw(AlertTaken, within_s=2)


async def test_the_clock_runs_over_many_wraps_of_ticks(
    world: World, cold_board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    cold_board.ticks_origin_us = ((1 << 30) - 3000) * 1000  # ticks_ms wraps after 3 s too
    cold_board.power_on()
    await phone.connect()
    await rig.press()
    await phone.transcript.saw(AlertTaken, within_s=2)
    await asyncio.sleep(2 * 3600)  # ticks_us wraps every 18 minutes
    await rig.press()
    await asyncio.sleep(5)
    taken = phone.transcript.of(AlertTaken)
    assert len(taken) == 2
    assert taken[1].alert.age_ms < 1000
    assert taken[1].alert.level == 1
