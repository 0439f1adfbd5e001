"""The wearer is told the truth, in patterns that can be told apart."""

import asyncio

import pytest

from button.core.patterns import FAULT
from button.core.wire import FAILED, HANDED_OVER, PHONE_HAS_IT, REGISTERED, SEEN
from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.bench.signal import felt
from vigie.phone.events import Acknowledged
from vigie.phone.gateways import GatewayRefused


def states(rig: Rig) -> list[int]:
    """What was felt, in order."""
    return [f.state for f in felt(rig.indicator.pulses)]


async def test_from_registered_to_seen(board: Board, rig: Rig, phone: BenchPhone) -> None:
    phone.sms.delay_s = lambda: 3.0
    await phone.connect()
    await rig.press()
    await asyncio.sleep(10)
    assert states(rig) == [REGISTERED, PHONE_HAS_IT, HANDED_OVER]
    phone.reply(phone.contacts[2])
    await asyncio.sleep(5)
    assert states(rig)[-1] == SEEN


async def test_registered_is_felt_soon_after_the_gesture(board: Board, rig: Rig) -> None:
    await rig.press()
    gesture = await board.console.said("gesture single")
    await asyncio.sleep(1)
    assert felt(rig.indicator.pulses)[0].state == REGISTERED
    assert rig.indicator.pulses[0].on_s - gesture.t_s <= 0.3


async def test_without_a_phone_the_wearer_is_told_within_fifteen_seconds(
    board: Board, rig: Rig
) -> None:
    pressed_s = await rig.press()
    await asyncio.sleep(20)
    assert states(rig) == [REGISTERED, FAILED]
    assert felt(rig.indicator.pulses)[1].t_s - pressed_s <= 16.0


async def test_after_a_failure_the_wearer_is_told_when_it_goes_through(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await rig.press()
    await asyncio.sleep(30)
    await phone.connect()
    await asyncio.sleep(10)
    assert states(rig)[:2] == [REGISTERED, FAILED]
    assert states(rig)[-1] == HANDED_OVER


async def test_phone_has_it_is_never_felt_before_the_phone_has_it(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.sms.delay_s = lambda: 60.0
    await phone.connect()
    await rig.press()
    acked = await phone.transcript.saw(Acknowledged, within_s=5)
    await asyncio.sleep(5)
    (has_it,) = [f for f in felt(rig.indicator.pulses) if f.state == PHONE_HAS_IT]
    assert has_it.t_s >= acked.t_s - 0.1  # the write is answered one connection event later


async def test_messages_that_nobody_takes_are_felt_as_failed(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.sms.refusal = GatewayRefused("no credit")
    await phone.connect()
    await rig.press()
    await asyncio.sleep(10)
    assert states(rig)[-1] == FAILED
    assert HANDED_OVER not in states(rig)


@pytest.mark.needs("flash faults")
async def test_an_alert_that_flash_refuses_is_sent_and_felt_as_a_fault(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.sms.delay_s = lambda: 3.0
    await phone.connect()
    rig.break_flash(True)
    await rig.press()
    await asyncio.sleep(10)
    assert len(phone.sms.taken) == 5
    assert REGISTERED not in states(rig)
    assert states(rig)[0] == FAULT
