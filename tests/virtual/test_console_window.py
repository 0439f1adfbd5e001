"""A key held while the power comes leaves the console to whoever holds it, and loses nothing."""

import asyncio

import pytest

from tests.virtual.conftest import MakeFaulty
from tests.virtual.programs import say
from vigie.bench.phones import BenchPhone
from vigie.bench.virtual_rig import VirtualRig
from vigie.phone.events import AlertTaken
from vigie.virtual.board import Cause, VirtualBoard
from vigie.virtual.world import World

WINDOW_S = 10
HELD = "key held at power-on"
READY = "ready after reset"
NEVER_YIELDS = """
import button.app, machine
def main():
    while True:
        machine.reset()
button.app.main = main
"""


def said(board: VirtualBoard, text: str) -> bool:
    return any(text in line.text for line in board.console.lines)


async def power_on_held(board: VirtualBoard, rig: VirtualRig, cause: Cause) -> None:
    rig.set_key(1)
    board.power_on(cause, wake_reason=3 if cause is Cause.DEEP_SLEEP else 0)


def test_a_program_that_locks_everybody_out_is_not_started_while_the_key_is_held(
    world: World, make_faulty: MakeFaulty
) -> None:
    board = make_faulty(NEVER_YIELDS)
    rig = VirtualRig(board)

    async def hold() -> None:
        await power_on_held(board, rig, Cause.POWER_ON)
        await board.console.said(HELD, within_s=2)

    world.run(hold())
    assert say(world, board, "kept = 6\nprint(kept * 7)") == "42\n"

    async def let_go_and_wait() -> None:
        rig.set_key(0)
        await asyncio.sleep(3600)

    resets = len(board.resets)
    world.run(let_go_and_wait())
    assert len(board.resets) == resets, "the console is theirs for as long as they like"
    assert say(world, board, "print(kept)") == "6\n"


async def test_whoever_lets_go_has_the_button_at_once(
    cold_board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await power_on_held(cold_board, rig, Cause.POWER_ON)
    await cold_board.console.said(HELD, within_s=2)
    await asyncio.sleep(2)
    assert not said(cold_board, READY)
    rig.set_key(0)
    await cold_board.console.said(READY, within_s=1)
    await phone.connect()
    await rig.press()
    await phone.transcript.saw(AlertTaken, within_s=2)


async def test_a_key_that_stays_closed_delays_the_button_for_ten_seconds(
    cold_board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await power_on_held(cold_board, rig, Cause.POWER_ON)
    await asyncio.sleep(WINDOW_S - 0.5)
    assert not said(cold_board, READY)
    await cold_board.console.said(READY, within_s=1.5)
    await cold_board.console.said("key stuck", within_s=1)
    rig.set_key(0)
    await phone.connect()
    await rig.press()
    await phone.transcript.saw(AlertTaken, within_s=2)


@pytest.mark.parametrize("cause", [c for c in Cause if c is not Cause.POWER_ON])
async def test_after_any_other_reset_a_closed_key_delays_nothing(
    cold_board: VirtualBoard, rig: VirtualRig, cause: Cause
) -> None:
    await power_on_held(cold_board, rig, cause)
    await cold_board.console.said(READY, within_s=1)
    assert not said(cold_board, HELD)


async def test_the_press_that_wakes_the_chip_is_an_alert_as_ever(
    cold_board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await power_on_held(cold_board, rig, Cause.DEEP_SLEEP)
    await asyncio.sleep(2.5)
    assert rig.siren.active, "held for two seconds: the alarm"
    rig.set_key(0)
    await phone.connect()
    await phone.transcript.saw(AlertTaken, within_s=5)


async def test_alerts_that_wait_on_flash_are_sent_after_a_held_key_too(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await rig.press()  # no phone is near
    await asyncio.sleep(2)
    board.power_off()
    await power_on_held(board, rig, Cause.POWER_ON)
    await asyncio.sleep(WINDOW_S)
    await phone.connect()
    await phone.transcript.saw(AlertTaken, within_s=5)
