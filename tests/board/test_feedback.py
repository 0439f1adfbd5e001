"""The wearer is told the truth, in patterns that can be told apart."""

import asyncio

import pytest

from button.core.framing import PlainFraming
from button.core.patterns import FAULT
from button.core.wire import (
    DOWN_UUID,
    FAILED,
    HANDED_OVER,
    PHONE_HAS_IT,
    PROTOCOL,
    REGISTERED,
    SEEN,
    STORE_FAILED,
    EventId,
    Hello,
)
from button.core.wire import Feedback as FeedbackMessage
from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.bench.signal import felt
from vigie.phone.events import Acknowledged, AlertTaken, ButtonState
from vigie.phone.gateways import GatewayRefused


def states(rig: Rig) -> list[int]:
    """What was felt, in order."""
    return [f.state for f in felt(rig.indicator.pulses)]


@pytest.mark.needs("indicator")
async def test_from_registered_to_seen(board: Board, rig: Rig, phone: BenchPhone) -> None:
    phone.sms.delay_s = lambda: 3.0
    await phone.connect()
    await rig.press()
    await asyncio.sleep(10)
    assert states(rig) == [REGISTERED, PHONE_HAS_IT, HANDED_OVER]
    phone.reply(phone.contacts[2])
    await asyncio.sleep(5)
    assert states(rig)[-1] == SEEN


@pytest.mark.needs("indicator", "timing")
async def test_registered_is_felt_soon_after_the_gesture(board: Board, rig: Rig) -> None:
    await rig.press()
    gesture = await board.console.said("gesture single")
    await asyncio.sleep(1)
    assert felt(rig.indicator.pulses)[0].state == REGISTERED
    assert rig.indicator.pulses[0].on_s - gesture.t_s <= 0.3


@pytest.mark.needs("indicator", "timing")
async def test_without_a_phone_the_wearer_is_told_within_fifteen_seconds(
    board: Board, rig: Rig
) -> None:
    pressed_s = await rig.press()
    await asyncio.sleep(20)
    assert states(rig) == [REGISTERED, FAILED]
    assert felt(rig.indicator.pulses)[1].t_s - pressed_s <= 16.0


@pytest.mark.needs("indicator")
async def test_after_a_failure_the_wearer_is_told_when_it_goes_through(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await rig.press()
    await asyncio.sleep(30)
    await phone.connect()
    await asyncio.sleep(10)
    assert states(rig)[:2] == [REGISTERED, FAILED]
    assert states(rig)[-1] == HANDED_OVER


@pytest.mark.needs("indicator")
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


@pytest.mark.needs("indicator")
async def test_messages_that_nobody_takes_are_felt_as_failed(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.sms.refusal = GatewayRefused("no credit")
    await phone.connect()
    await rig.press()
    await asyncio.sleep(10)
    assert states(rig)[-1] == FAILED
    assert HANDED_OVER not in states(rig)


@pytest.mark.needs("distance", "indicator")
async def test_a_failure_is_felt_though_the_phone_was_killed_out_of_reach(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.sms.delay_s = lambda: 10.0
    phone.sms.refusal = GatewayRefused("no credit")
    await phone.connect()
    await rig.press()
    await phone.transcript.saw(Acknowledged, within_s=5)
    phone.walk_to(5000.0)
    await asyncio.sleep(30)  # all SMS are refused, and the button cannot hear of it
    phone.kill()
    await phone.start()
    await asyncio.sleep(30)
    assert states(rig) == [REGISTERED, PHONE_HAS_IT]
    phone.walk_to(1.0)
    await asyncio.sleep(30)
    assert states(rig) == [REGISTERED, PHONE_HAS_IT, FAILED]


@pytest.mark.needs("indicator", "timing")
async def test_a_failure_is_felt_a_minute_after_the_press_though_the_network_hangs(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.sms.delay_s = lambda: 1e6
    await phone.connect()
    pressed_s = await rig.press()
    await asyncio.sleep(70)
    failed = felt(rig.indicator.pulses)[-1]
    assert failed.state == FAILED
    assert 60 <= failed.t_s - pressed_s <= 61


@pytest.mark.needs("flash faults", "indicator")
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


@pytest.mark.needs("indicator", "timing")
async def test_registered_is_felt_soon_whatever_happened_before(board: Board, rig: Rig) -> None:
    for _ in range(8):
        await rig.press()
        await asyncio.sleep(20)
    board.machine_reset()
    await asyncio.sleep(16)
    before, since = len(rig.indicator.pulses), len(board.console.lines)
    await rig.press()
    gesture = await board.console.said("gesture single", since=since)
    await asyncio.sleep(30)
    registered, failed = felt(rig.indicator.pulses[before:])[-2:]
    assert (registered.state, failed.state) == (REGISTERED, FAILED)
    assert registered.t_s - gesture.t_s <= 1


@pytest.mark.needs("indicator", "timing")
async def test_registered_does_not_wait_for_the_end_of_an_older_failure(
    board: Board, rig: Rig
) -> None:
    await rig.press()
    await rig.indicator.becomes(True, within_s=2)  # registered
    await asyncio.sleep(14.7)
    press = asyncio.ensure_future(rig.press())
    await board.console.said("feel FAILED", within_s=3)
    await press
    since = len(board.console.lines) - 1
    gesture = await board.console.said("gesture single", within_s=3, since=since)
    await asyncio.sleep(3)
    last = felt(rig.indicator.pulses)[-1]
    assert last.state == REGISTERED
    assert last.t_s - gesture.t_s <= 1


@pytest.mark.needs("indicator")
async def test_what_is_felt_after_a_press_is_about_that_press(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.sms.delay_s = lambda: 8.0 if len(phone.sms.taken) < 5 else 3600.0
    await phone.connect()
    await rig.press()
    await asyncio.sleep(6)
    before = len(rig.indicator.pulses)
    await rig.press()  # while the first is on its way; this one never is handed over
    await asyncio.sleep(30)
    await board.console.said("old news: handed over", within_s=1)
    assert [f.state for f in felt(rig.indicator.pulses[before:])] == [REGISTERED, PHONE_HAS_IT]


@pytest.mark.needs("indicator")
async def test_news_of_an_alert_it_never_sent_is_not_felt(
    board: Board, rig: Rig, stranger: BenchPhone
) -> None:
    client = await stranger.visit()
    framing = PlainFraming()
    for message in (Hello(PROTOCOL), FeedbackMessage(EventId(b"another!", 1), SEEN)):
        await client.write_gatt_char(DOWN_UUID, framing.seal(message.pack()), response=True)
    await board.console.said("old news: seen", within_s=1)
    await asyncio.sleep(5)
    assert not rig.indicator.pulses


@pytest.mark.needs("indicator")
async def test_after_a_reset_the_wearer_still_learns_what_became_of_her_alert(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.sms.delay_s = lambda: 20.0
    await phone.connect()
    await rig.press()
    await phone.transcript.saw(Acknowledged, within_s=5)
    await asyncio.sleep(3)
    board.machine_reset()
    await asyncio.sleep(30)
    assert states(rig)[-1] == HANDED_OVER


@pytest.mark.needs("flash faults", "power", "indicator", "hours")
async def test_what_flash_refused_is_stored_when_flash_works_again(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    rig.break_flash(True)
    await rig.press()
    await asyncio.sleep(1)
    rig.break_flash(False)
    await asyncio.sleep(300)
    assert states(rig) == [FAULT, REGISTERED, FAILED]
    rig.power(False)
    await asyncio.sleep(1)
    rig.power(True)
    await phone.connect()
    await phone.transcript.saw(AlertTaken, within_s=5)


@pytest.mark.needs("flash faults")
async def test_a_flash_that_works_again_is_not_called_broken(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    rig.break_flash(True)
    await rig.press()
    await asyncio.sleep(10)
    assert phone.transcript.of(ButtonState)[-1].state.flags & STORE_FAILED
    rig.break_flash(False)
    await asyncio.sleep(120)
    assert not phone.transcript.of(ButtonState)[-1].state.flags & STORE_FAILED
