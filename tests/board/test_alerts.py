"""No alert lost, none twice, each with its right age: whatever fails on the way."""

import asyncio

import pytest

from button.core.wire import AGE_UNKNOWN
from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.phone.events import Acknowledged, AlertTaken, Event, LinkLost, LinkUp, PressBegan

HOUR_S = 3600.0


def once_each(phone: BenchPhone, alerts: int = 1) -> bool:
    """Whether every contact got exactly one SMS for each alert, and none called a repeat."""
    return all(
        len(phone.texts_to(contact)) == alerts
        and not any(m.repeat for m in phone.texts_to(contact))
        for contact in phone.contacts
    )


def broken_screen(event: Event) -> None:
    raise RuntimeError(f"cannot show {event}")


@pytest.mark.needs("hours")
async def test_an_alert_while_the_phone_is_away_arrives_when_it_comes_back(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await rig.press()
    await asyncio.sleep(HOUR_S)
    await phone.connect()
    taken = await phone.transcript.saw(AlertTaken, within_s=5)
    assert taken.alert.age_ms == pytest.approx(HOUR_S * 1000, abs=5000)
    assert not taken.alert.flags & AGE_UNKNOWN
    await asyncio.sleep(60)
    assert once_each(phone)
    assert all("60 min" in (m.text or "") for m in phone.sms.taken)


async def test_alerts_that_waited_arrive_in_their_order(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    for _ in range(7):
        await rig.press()
        await asyncio.sleep(30)
    await phone.connect()
    await asyncio.sleep(60)
    taken = [e for e in phone.transcript.of(AlertTaken) if e.is_new]
    assert [e.alert.event_id.seq for e in taken] == [1, 2, 3, 4, 5, 6, 7]
    assert once_each(phone, alerts=7)


@pytest.mark.needs("distance")
async def test_a_link_lost_in_the_middle_of_the_gesture(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    rig.play([(0, 1), (90_000, 0), (200_000, 1), (290_000, 0)])
    await phone.transcript.saw(PressBegan, within_s=1)
    phone.walk_to(500.0)
    await phone.transcript.saw(LinkLost, within_s=5)
    assert not phone.transcript.of(AlertTaken)
    await asyncio.sleep(120)
    phone.walk_to(1.0)
    since = len(phone.transcript.events)
    await phone.transcript.saw(LinkUp, within_s=10, since=since)
    taken = await phone.transcript.saw(AlertTaken, within_s=2)
    assert taken.alert.age_ms == pytest.approx(120_000, abs=5000)
    await asyncio.sleep(60)
    assert once_each(phone)


@pytest.mark.needs("distance")
async def test_no_alert_is_lost_or_doubled_on_a_bad_link(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.lose(0.5)
    await phone.connect(within_s=60)
    for _ in range(20):
        await rig.press()
        await asyncio.sleep(7)
    await asyncio.sleep(60)
    assert len([e for e in phone.transcript.of(AlertTaken) if e.is_new]) == 20
    assert once_each(phone, alerts=20)


async def test_a_phone_killed_between_outbox_and_acknowledgement(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    phone.transcript.hear.append(
        lambda e: phone.kill() if isinstance(e, AlertTaken) and e.is_new else None
    )
    await rig.press()
    await phone.transcript.saw(AlertTaken, within_s=5)
    assert not phone.connected
    assert not phone.transcript.of(Acknowledged)
    phone.transcript.hear.clear()
    await asyncio.sleep(30)
    await phone.connect()
    again = await phone.transcript.saw(Acknowledged, within_s=5)
    assert again.event_id == phone.transcript.of(AlertTaken)[0].alert.event_id
    assert [e.is_new for e in phone.transcript.of(AlertTaken)] == [True, False]
    await asyncio.sleep(60)
    assert once_each(phone)


async def test_a_phone_whose_screen_is_broken_acknowledges_and_sends(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    assert phone.app is not None
    faults: list[Exception] = []
    phone.app.transcript.on_fault = faults.append
    phone.app.transcript.hear.insert(0, broken_screen)
    await rig.press()
    await phone.transcript.saw(Acknowledged, within_s=5)
    await asyncio.sleep(60)
    assert once_each(phone)
    assert faults


async def test_a_phone_whose_outbox_cannot_hold_the_alert_does_not_acknowledge_it(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    with phone.read_only_disk():
        await rig.press()
        await asyncio.sleep(10)
        assert not phone.transcript.of(AlertTaken)
        assert not phone.transcript.of(Acknowledged)
    await phone.transcript.saw(Acknowledged, within_s=10)
    await asyncio.sleep(60)
    assert once_each(phone)


@pytest.mark.needs("hours")
async def test_an_alert_outlives_a_reset_with_its_age(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await rig.press()
    await board.console.said("alert single")
    await asyncio.sleep(600)
    board.machine_reset()
    await asyncio.sleep(600)
    await phone.connect()
    taken = await phone.transcript.saw(AlertTaken, within_s=5)
    assert taken.alert.age_ms == pytest.approx(1_200_000, abs=10_000)
    assert not taken.alert.flags & AGE_UNKNOWN


@pytest.mark.needs("power", "hours")
async def test_an_alert_outlives_a_loss_of_power_and_says_that_its_age_is_not_known(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await rig.press()
    await board.console.said("alert single")
    rig.power(False)
    await asyncio.sleep(HOUR_S)
    rig.power(True)
    await phone.connect()
    taken = await phone.transcript.saw(AlertTaken, within_s=5)
    assert taken.alert.flags & AGE_UNKNOWN
    await asyncio.sleep(60)
    assert once_each(phone)


@pytest.mark.needs("power", "timing", "hours")
async def test_the_phone_knows_the_age_of_an_alert_whose_press_it_heard(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    pressed_s = await rig.press()
    await phone.transcript.saw(PressBegan, within_s=1)
    phone.walk_to(500.0)
    await board.console.said("alert single")
    rig.power(False)
    await asyncio.sleep(300)
    phone.walk_to(1.0)
    rig.power(True)
    taken = await phone.transcript.saw(AlertTaken, within_s=20)
    assert not taken.alert.flags & AGE_UNKNOWN
    assert taken.t_s - taken.alert.age_ms / 1000 == pytest.approx(pressed_s, abs=1)
