"""Recordings are kept beside the alerts: whatever goes wrong with them ends and delays nothing."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from button.core.wire import AudioPart, EventId, State
from tests.unit.phone.evidence.recordings import ID, NOON, chunks, parts, tone
from tests.unit.phone.fake_radio import FakeRadio
from tests.unit.phone.world import MakeAlert, ScriptedGateway, World
from vigie.phone import events
from vigie.phone.evidence import manifest
from vigie.phone.evidence.inbox import SILENT_MOST, Inbox
from vigie.phone.evidence.keeper import SETTLE_EVERY_S
from vigie.phone.phone import Phone
from vigie.virtual.clock import run

BOOT = b"\x01\x02\x03\x04\x05\x06\x07\x08"
RECORDING = EventId(BOOT, 1)
MADE = chunks(tone(1.2), recording=RECORDING)
LATE_S = SILENT_MOST.total_seconds() + 2 * SETTLE_EVERY_S

Story = Callable[[Phone], Coroutine[None, None, None]]


def live(world: World, folder: Path, story: Story) -> Phone:
    """Run a phone with an inbox beside a story."""

    async def life() -> Phone:
        phone = Phone(
            FakeRadio(),
            world.book,
            world.outbox,
            [ScriptedGateway(c, world.log, s) for c, s in world.scripts.items()],
            world.position,
            now=asyncio.get_running_loop().time,
            wall_clock=world.wall_clock,
            patience=world.patience,
            inbox=Inbox(folder),
        )
        running = asyncio.create_task(phone.run())
        await asyncio.sleep(0)
        await story(phone)
        assert not running.done()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return phone

    return run(life())


async def bring(phone: Phone, first: int = 0, last: int | None = None) -> None:
    for chunk in MADE[first:last]:
        for part in parts(chunk):
            phone.heard(part)
        await asyncio.sleep(0.25)


def fingerprints(world: World) -> set[EventId]:
    return {m.event_id for _, m in world.log if m.fingerprint}


def test_a_disk_too_full_for_renderings_is_told_once_and_alerts_go_on(
    world: World, tmp_path: Path, alert: MakeAlert
) -> None:
    async def story(phone: Phone) -> None:
        await bring(phone, 0, 2)
        wav = tmp_path / repr(RECORDING) / "audio.wav"
        wav.symlink_to("/dev/full")
        await bring(phone, 2)
        await asyncio.sleep(LATE_S)
        phone.heard(alert(2))
        await asyncio.sleep(5)
        assert not phone.transcript.of(events.RecordingClosed)
        wav.unlink()
        await asyncio.sleep(2 * SETTLE_EVERY_S)

    phone = live(world, tmp_path, story)
    (told,) = phone.transcript.of(events.RecordingNotKept)
    assert "audio.wav cannot be written: No space left" in told.why
    assert len(phone.transcript.of(events.AlertTaken)) == 1
    assert len(phone.transcript.of(events.RecordingClosed)) == 1


def test_not_even_a_fault_in_the_inbox_ends_the_phone(
    world: World, tmp_path: Path, alert: MakeAlert, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("a fault")

    for name in ("met", "take", "settle", "closed", "describing"):
        monkeypatch.setattr(Inbox, name, fault)

    async def story(phone: Phone) -> None:
        phone.heard(State(1, BOOT, 5, 4000, 0, 0, 1, 90000))
        await bring(phone)
        await asyncio.sleep(LATE_S)
        phone.heard(alert(2))
        await asyncio.sleep(5)

    phone = live(world, tmp_path, story)
    assert [e.why for e in phone.transcript.of(events.RecordingNotKept)] == ["a fault"]
    assert len(phone.transcript.of(events.AlertTaken)) == 1
    assert world.log


def test_an_alert_in_a_recording_of_another_number_gets_its_fingerprint(
    world: World, tmp_path: Path, alert: MakeAlert
) -> None:
    async def story(phone: Phone) -> None:
        await bring(phone, 0, 3)
        phone.heard(alert(7))
        await bring(phone, 3)
        await asyncio.sleep(30)
        phone.heard(alert(8))
        await asyncio.sleep(30)

    live(world, tmp_path, story)
    assert fingerprints(world) == {EventId(BOOT, 7)}


def test_an_alert_that_came_while_an_old_recording_was_delivered_is_not_in_it(
    world: World, tmp_path: Path, alert: MakeAlert
) -> None:
    async def story(phone: Phone) -> None:
        await asyncio.sleep(3600)
        phone.heard(State(1, BOOT, 3600, 4000, 0, 0, 1, 90000))
        await bring(phone, 0, 3)
        phone.heard(alert(7))
        await bring(phone, 3)
        await asyncio.sleep(30)

    phone = live(world, tmp_path, story)
    assert len(phone.transcript.of(events.RecordingClosed)) == 1
    assert fingerprints(world) == set()


def test_after_a_crash_fingerprints_that_were_not_sent_follow(
    world: World, tmp_path: Path, alert: MakeAlert
) -> None:
    async def before(phone: Phone) -> None:
        phone.heard(alert(1))
        await bring(phone, 0, -1)

    live(world, tmp_path, before)
    inbox = Inbox(tmp_path)
    for part in parts(MADE[-1]):
        inbox.take(part, world.wall_clock(5.0))

    async def after(phone: Phone) -> None:
        await asyncio.sleep(30)

    live(world, tmp_path, after)
    assert fingerprints(world) == {RECORDING}


def patient(tmp_path: Path) -> Inbox:
    inbox = Inbox(tmp_path)
    inbox.at_once = False
    return inbox


def give(inbox: Inbox, first: int, last: int | None = None) -> None:
    for chunk in MADE[first:last]:
        for part in parts(chunk):
            inbox.take(part, NOON)


def test_describing_is_done_in_steps_between_which_other_things_can_happen(
    tmp_path: Path,
) -> None:
    inbox = patient(tmp_path)
    give(inbox, 0)
    assert inbox.is_due
    assert not inbox.all_settled
    assert sum(1 for _ in inbox.describing()) > 20
    assert inbox.all_settled


def test_what_comes_while_it_is_described_is_described_as_well(tmp_path: Path) -> None:
    inbox = patient(tmp_path)
    closed: list[str] = []
    inbox.on_closed = lambda recording, made: closed.append(made.ended)
    give(inbox, 0, 3)
    inbox.settle(NOON + SILENT_MOST, None)
    steps = inbox.describing()
    next(steps)
    give(inbox, 3)
    for _ in steps:
        pass
    assert closed == ["stopped"]


def test_an_unforeseen_fault_with_one_recording_spares_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, told, closed = Inbox(tmp_path), list[str](), list[EventId]()
    inbox.on_trouble = lambda recording, why: told.append(f"{recording!r}: {why}")
    inbox.on_closed = lambda recording, made: closed.append(recording)
    for made in (MADE[:2], chunks(tone(0.6))[:2]):
        for chunk in made:
            for part in parts(chunk):
                inbox.take(part, NOON)
    whole = manifest.write

    def write(described: manifest.Manifest, folder: Path) -> None:
        if described.recording == repr(RECORDING):
            raise ZeroDivisionError
        whole(described, folder)

    monkeypatch.setattr(manifest, "write", write)
    for _ in range(3):
        inbox.settle(NOON + SILENT_MOST + timedelta(seconds=1), None)
    assert told == [f"{RECORDING!r}: ZeroDivisionError()"]
    assert closed == [ID]


def test_a_stream_that_was_damaged_is_put_aside_before_it_is_cut(tmp_path: Path) -> None:
    give(Inbox(tmp_path), 0, -1)
    stream = tmp_path / repr(RECORDING) / manifest.STREAM
    damaged = bytearray(stream.read_bytes())
    damaged[2102] ^= 1  # the first letter of the second chunk
    stream.write_bytes(damaged)
    give(Inbox(tmp_path), 0, 1)
    assert len(stream.read_bytes()) == 2102
    assert (stream.parent / "damaged.vig").read_bytes() == damaged


def test_a_closed_recording_is_left_alone_even_if_it_was_damaged(tmp_path: Path) -> None:
    give(Inbox(tmp_path), 0)
    stream = tmp_path / repr(RECORDING) / manifest.STREAM
    damaged = bytearray(stream.read_bytes())
    damaged[2102] ^= 1
    stream.write_bytes(damaged)
    raw = MADE[1].pack()
    again = Inbox(tmp_path)
    assert again.take(AudioPart(RECORDING, 1, 0, len(raw), raw[:200]), NOON) == len(MADE)
    give(again, 1)
    assert stream.read_bytes() == damaged
