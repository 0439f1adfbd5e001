"""The siren: soon, stoppable, limited, and independent of everything else."""

import asyncio

import pytest

from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.phone.events import Acknowledged, AlertTaken


async def hold(rig: Rig) -> None:
    """Hold the key until just after the threshold."""
    await rig.press(2200)


@pytest.mark.needs("siren", "timing")
async def test_it_sounds_within_150_ms_of_the_threshold(board: Board, rig: Rig) -> None:
    pressed_s = await rig.press(2500)
    await rig.siren.becomes(True, within_s=1)
    assert rig.siren.since_s - (pressed_s + 2.0) <= 0.150


@pytest.mark.needs("siren")
async def test_clicks_do_not_sound_it(board: Board, rig: Rig) -> None:
    for _ in range(3):
        await rig.press()
        await asyncio.sleep(10)
    assert not rig.siren.pulses
    assert not rig.siren.active


@pytest.mark.needs("siren", "timing")
async def test_a_second_hold_stops_it_at_once_and_is_no_alert(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await hold(rig)
    await rig.siren.becomes(True, within_s=1)
    await asyncio.sleep(5)
    pressed_s = await rig.press(2500)
    assert not rig.siren.active
    assert rig.siren.pulses[-1].off_s - (pressed_s + 2.0) <= 0.150
    await asyncio.sleep(10)
    assert len(phone.transcript.of(AlertTaken)) == 1


@pytest.mark.needs("siren")
async def test_the_phone_stops_it_within_a_second(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await hold(rig)
    await asyncio.sleep(5)
    phone.sound_siren(False)
    await rig.siren.becomes(False, within_s=1)


@pytest.mark.needs("siren")
async def test_the_phone_can_sound_it(board: Board, rig: Rig, phone: BenchPhone) -> None:
    await phone.connect()
    phone.sound_siren(True)
    await rig.siren.becomes(True, within_s=1)


@pytest.mark.needs("siren", "hours")
async def test_it_ends_by_itself_after_ten_minutes(board: Board, rig: Rig) -> None:
    await hold(rig)
    await asyncio.sleep(599)
    assert rig.siren.active
    await rig.siren.becomes(False, within_s=3)
    assert rig.siren.pulses[-1].ms == pytest.approx(600_000, abs=100)


@pytest.mark.needs("siren")
async def test_a_reset_ends_it_and_the_alert_still_goes_out(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await hold(rig)
    await asyncio.sleep(2)
    board.machine_reset()
    await asyncio.sleep(10)
    assert not rig.siren.active
    await phone.connect()
    await phone.transcript.saw(Acknowledged, within_s=5)
    assert len(rig.siren.pulses) == 1


@pytest.mark.needs("flash faults", "siren", "timing")
async def test_it_sounds_though_flash_is_broken(board: Board, rig: Rig) -> None:
    rig.break_flash(True)
    pressed_s = await rig.press(2500)
    await rig.siren.becomes(True, within_s=1)
    assert rig.siren.since_s - (pressed_s + 2.0) <= 0.150


@pytest.mark.needs("siren")
async def test_presses_while_it_sounds_are_alerts(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await hold(rig)
    await asyncio.sleep(10)
    await rig.press()
    await asyncio.sleep(5)
    assert rig.siren.active
    assert len(phone.transcript.of(AlertTaken)) == 2


@pytest.mark.needs("siren")
async def test_a_hold_in_which_the_phone_started_it_is_an_alert_and_does_not_stop_it(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    held = asyncio.ensure_future(rig.press(3000))
    await asyncio.sleep(1.5)
    phone.sound_siren(True)
    await held
    await asyncio.sleep(10)
    assert phone.transcript.of(AlertTaken)
    assert rig.siren.active


@pytest.mark.needs("siren")
async def test_a_hold_of_the_same_run_does_not_stop_it(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    for pause_s in (0.11, 0.11, 1.0, 0.11, 0.11, 0.11):  # the second triple sounds it
        await rig.press()
        await asyncio.sleep(pause_s)
    await rig.press(3000)
    await asyncio.sleep(5)
    assert rig.siren.active


@pytest.mark.needs("bounce", "siren")
async def test_a_slip_while_clutching_the_key_does_not_stop_it(board: Board, rig: Rig) -> None:
    rig.play([(0, 1), (3_000_000, 0), (3_050_000, 1), (8_000_000, 0)])
    await asyncio.sleep(12)
    assert rig.siren.active


@pytest.mark.needs("siren", "hours")
async def test_ten_minutes_are_the_limit_whoever_asks_for_more(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    phone.sound_siren(True)
    await asyncio.sleep(540)
    phone.sound_siren(True)
    await asyncio.sleep(120)
    assert [p.ms for p in rig.siren.pulses] == [pytest.approx(600_000, abs=100)]
