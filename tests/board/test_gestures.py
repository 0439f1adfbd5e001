"""What each gesture brings about, from the key to the contacts."""

import asyncio
import random

import pytest

from button.core.gestures import DOUBLE, LONG, SINGLE, TRIPLE
from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.lab import hands, models, switches
from vigie.phone.events import AlertTaken, PressBegan


async def test_one_click_sends_one_sms_to_each_of_five_contacts(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await rig.press()
    await phone.transcript.saw(AlertTaken, within_s=2)
    await asyncio.sleep(60)
    assert len(phone.contacts) == 5
    assert [m.contact for m in phone.sms.taken] == phone.contacts
    assert not phone.calls.taken
    assert not phone.mails.taken


@pytest.mark.needs("bounce")
@pytest.mark.parametrize(("count", "kind"), [(1, SINGLE), (2, DOUBLE), (3, TRIPLE), (5, TRIPLE)])
async def test_a_bouncing_run_of_clicks_is_one_alert(
    board: Board, rig: Rig, phone: BenchPhone, count: int, kind: int
) -> None:
    await phone.connect()
    rng = random.Random(count)
    closings = hands.uneven(rng, count, (60.0, 120.0), (80.0, 140.0))
    rig.play(switches.edges(rng, models.switches()["ganssle"], closings))
    await asyncio.sleep(20)
    (taken,) = phone.transcript.of(AlertTaken)
    assert taken.alert.kind == taken.alert.level == kind


async def test_two_clicks_call_and_mail_too(board: Board, rig: Rig, phone: BenchPhone) -> None:
    await phone.connect()
    for _ in range(2):
        await rig.press()
        await asyncio.sleep(0.15)
    await asyncio.sleep(60)
    assert [m.contact for m in phone.sms.taken] == phone.contacts
    assert [m.contact for m in phone.calls.taken] == phone.contacts
    assert len(phone.mails.taken) == 3  # two contacts have no address


@pytest.mark.needs("siren")
async def test_a_hold_is_an_alarm_while_the_key_is_still_held(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    held = asyncio.ensure_future(rig.press(5000))
    taken = await phone.transcript.saw(AlertTaken, within_s=2.2)
    assert taken.alert.kind == LONG
    assert rig.siren.active
    assert not held.done()
    await held


@pytest.mark.needs("timing")
async def test_the_phone_hears_of_a_press_at_once(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    pressed_s = await rig.press()
    heard = await phone.transcript.saw(PressBegan, within_s=1)
    assert heard.t_s - pressed_s <= 0.150
    assert heard.first_edge_s == pytest.approx(pressed_s, abs=0.035)


async def test_a_double_click_done_too_slowly_does_not_end_as_two_preventions(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await rig.press()
    await asyncio.sleep(0.9)
    await rig.press()
    await asyncio.sleep(5)
    levels = [e.alert.level for e in phone.transcript.of(AlertTaken)]
    assert levels == [SINGLE, DOUBLE]
    assert phone.calls.taken


@pytest.mark.needs("power")
async def test_a_press_while_the_board_starts_is_not_lost(
    cold_board: Board, rig: Rig, phone: BenchPhone
) -> None:
    rig.power(True)
    await asyncio.sleep(0.4)  # the program runs, its radio is not on yet
    assert "advertising" not in cold_board.console.text
    await rig.press()
    await phone.connect()
    await phone.transcript.saw(AlertTaken, within_s=2)


@pytest.mark.needs("bounce", "siren")
@pytest.mark.parametrize("pulse_us", [100, 1000])
async def test_hum_on_a_wet_lead_is_no_gesture(board: Board, rig: Rig, pulse_us: int) -> None:
    rig.play([e for i in range(150) for e in ((i * 20_000, 1), (i * 20_000 + pulse_us, 0))])
    await asyncio.sleep(10)
    assert "gesture" not in board.console.text
    assert not rig.siren.pulses
