"""What happens around the wearer is recorded, and reaches the phone whole."""

import asyncio
from pathlib import Path

import pytest

from button.core.wire import RECORDING
from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.phone.events import AlertTaken, ButtonState, LinkLost, LinkUp, RecordingClosed
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.evidence.verify import verify

pytestmark = pytest.mark.needs("press", "microphone")


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def presses(rig: Rig, count: int) -> None:
    for _ in range(count):
        await rig.press()
        await asyncio.sleep(0.2)


async def recording_began(phone: BenchPhone) -> None:
    while not any(e.state.flags & RECORDING for e in phone.transcript.of(ButtonState)):
        await phone.transcript.saw(ButtonState, within_s=5, since=len(phone.transcript.events))


async def closed(phone: BenchPhone, within_s: float = 30.0) -> Manifest:
    return (await phone.transcript.saw(RecordingClosed, within_s=within_s)).manifest


def folder_of(phone: BenchPhone, manifest: Manifest) -> Path:
    return phone.evidence / manifest.recording


def is_unchanged(phone: BenchPhone, manifest: Manifest) -> bool:
    return verify(folder_of(phone, manifest)).is_unchanged


async def test_two_clicks_record_until_the_phone_ends_it(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await presses(rig, 2)
    alert = (await phone.transcript.saw(AlertTaken, within_s=3)).alert
    await asyncio.sleep(8)
    phone.record(False)
    manifest = await closed(phone)
    assert manifest.alert == repr(alert.event_id)
    assert manifest.ended == "stopped"
    assert manifest.seconds == pytest.approx(8, abs=1)
    assert manifest.lost == 0
    assert verify(folder_of(phone, manifest)).is_sound


async def test_one_click_records_nothing(board: Board, rig: Rig, phone: BenchPhone) -> None:
    await phone.connect()
    await rig.press()
    await asyncio.sleep(10)
    assert not any(e.state.flags & RECORDING for e in phone.transcript.of(ButtonState))


async def test_the_phone_begins_and_ends_a_recording_without_an_alert(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    phone.record(True)
    await recording_began(phone)
    await asyncio.sleep(5)
    phone.record(False)
    manifest = await closed(phone)
    assert manifest.seconds == pytest.approx(5, abs=1)
    assert is_unchanged(phone, manifest)
    assert not phone.transcript.of(AlertTaken)
    assert not phone.sms.taken


async def test_an_alert_in_a_recording_arrives_at_once_and_the_recording_goes_on(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    phone.record(True)
    await recording_began(phone)
    await asyncio.sleep(4)
    await presses(rig, 2)
    await phone.transcript.saw(AlertTaken, within_s=2)
    await asyncio.sleep(4)
    phone.record(False)
    manifest = await closed(phone)
    assert manifest.seconds == pytest.approx(9, abs=1)
    assert is_unchanged(phone, manifest)


async def test_a_second_alert_in_a_recording_does_not_begin_another(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await presses(rig, 2)
    await asyncio.sleep(6)
    await presses(rig, 2)
    await asyncio.sleep(6)
    phone.record(False)
    await closed(phone)
    await asyncio.sleep(5)
    assert len(phone.transcript.of(RecordingClosed)) == 1
    assert len([e for e in phone.transcript.of(AlertTaken) if e.is_new]) == 2


@pytest.mark.needs("distance")
async def test_a_recording_through_a_minute_without_the_phone(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await presses(rig, 2)
    began_s = now_s()
    await asyncio.sleep(5)
    phone.walk_to(500.0)
    since = len(phone.transcript.events)
    await phone.transcript.saw(LinkLost, within_s=10, since=since)
    await asyncio.sleep(60)
    phone.walk_to(1.0)
    await phone.transcript.saw(LinkUp, within_s=10, since=since)
    await asyncio.sleep(60)
    phone.record(False)
    manifest = await closed(phone)
    # Over the air nothing is lost: it has caught up.
    last_gap = max((g.at_sample for g in manifest.gaps), default=0)
    assert last_gap < (manifest.seconds - 20) * manifest.rate_hz
    # Flash writes stop this chip's microphone for moments; every one of them is stamped.
    assert manifest.seconds == pytest.approx(now_s() - began_s, abs=1.0)
    assert manifest.lost < 0.12 * manifest.rate_hz * manifest.seconds
    assert is_unchanged(phone, manifest)


async def test_a_phone_that_is_killed_in_a_recording_gets_all_of_it(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await presses(rig, 2)
    await asyncio.sleep(6)
    phone.kill()
    await asyncio.sleep(10)
    await phone.connect()
    await asyncio.sleep(10)
    phone.record(False)
    manifest = await closed(phone)
    assert manifest.seconds > 24
    assert is_unchanged(phone, manifest)


@pytest.mark.needs("mtu")
async def test_a_connection_that_carries_little_leaves_the_recording_on_flash(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.carry_at_most(23)
    await phone.connect()
    await presses(rig, 2)
    await phone.transcript.saw(AlertTaken, within_s=3)
    await asyncio.sleep(8)
    phone.record(False)
    await asyncio.sleep(10)
    assert not list(phone.evidence.glob("*/stream.vig"))
    phone.kill()
    phone.carry_at_most(247)
    await phone.connect()
    manifest = await closed(phone)
    assert manifest.seconds == pytest.approx(8, abs=1)
    assert is_unchanged(phone, manifest)


@pytest.mark.needs("siren")
async def test_the_siren_sounds_while_it_records(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await rig.press(2500)
    await phone.transcript.saw(AlertTaken, within_s=2)
    assert rig.siren.active
    await asyncio.sleep(10)
    assert rig.siren.active
    phone.sound_siren(False)
    await asyncio.sleep(1)
    assert not rig.siren.active
    phone.record(False)
    manifest = await closed(phone)
    assert manifest.seconds == pytest.approx(11, abs=1)
    assert is_unchanged(phone, manifest)


@pytest.mark.needs("power")
async def test_a_recording_without_a_phone_survives_a_loss_of_power(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await presses(rig, 2)
    await asyncio.sleep(20)
    rig.power(False)
    await asyncio.sleep(1)
    rig.power(True)
    await phone.connect(within_s=30)
    manifest = await closed(phone)
    assert manifest.ended == "interrupted"
    assert manifest.seconds == pytest.approx(19, abs=1.5)
    assert is_unchanged(phone, manifest)


async def test_every_alert_after_a_recording_begins_one_of_its_own(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    for n in range(1, 4):
        await presses(rig, 2)
        await asyncio.sleep(4)
        since = len(phone.transcript.events)
        phone.record(False)
        closing = await phone.transcript.saw(RecordingClosed, within_s=10, since=since)
        assert closing.recording.seq == n
        await asyncio.sleep(4)


@pytest.mark.needs("power")
async def test_a_loss_of_power_while_the_phone_listens_leaves_a_recording_that_can_be_checked(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await presses(rig, 2)
    await asyncio.sleep(10)
    rig.power(False)
    await asyncio.sleep(5)
    rig.power(True)
    await phone.transcript.saw(LinkUp, within_s=30, since=len(phone.transcript.events))
    manifest = await closed(phone, within_s=60)
    assert manifest.ended == "cut off"
    assert manifest.seconds == pytest.approx(9, abs=1.2)
    assert verify(folder_of(phone, manifest)).is_unchanged_so_far
    await asyncio.sleep(5)
    assert all(
        any(m.fingerprint for m in phone.sms.taken if m.contact == c) for c in phone.contacts
    )


@pytest.mark.needs("power")
async def test_a_button_that_is_destroyed_leaves_what_it_had_sent(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await presses(rig, 2)
    await asyncio.sleep(10)
    rig.power(False)
    manifest = await closed(phone, within_s=15 * 60)
    assert manifest.ended == "cut off"
    assert manifest.seconds > 8
    await asyncio.sleep(5)
    assert manifest.fingerprint in {m.fingerprint for m in phone.sms.taken}


@pytest.mark.needs("distance")
async def test_a_recording_that_was_given_up_is_whole_once_the_button_is_back(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await presses(rig, 2)
    await asyncio.sleep(5)
    phone.walk_to(500.0)
    early = await closed(phone, within_s=15 * 60)
    assert early.ended == "cut off"
    since = len(phone.transcript.events)
    phone.walk_to(1.0)
    late = (await phone.transcript.saw(RecordingClosed, within_s=600, since=since)).manifest
    assert late.recording == early.recording
    assert late.ended in ("stopped", "storage full")
    assert late.seconds > early.seconds + 60
    assert is_unchanged(phone, late)
