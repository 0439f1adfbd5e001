"""Chirps from the phone, as they sound: heard, and never taken for the siren."""

import asyncio
from collections.abc import Callable

import pytest

from button.core.patterns import find_me_tones, self_test_tones
from button.core.wire import SIREN_ON, Chirp
from tests.virtual.melody import audible, level_db, notes, off_key, sound_of
from tests.virtual.test_siren_sound import IN_TUNE, check_siren, hold
from vigie.bench.phones import BenchPhone
from vigie.bench.virtual_rig import VirtualRig
from vigie.phone.events import AlertTaken, ButtonState
from vigie.virtual.board import VirtualBoard

Tones = Callable[[int], tuple[tuple[int, int, int], ...]]


@pytest.mark.parametrize(
    ("kind", "tones"), [(Chirp.FIND_ME, find_me_tones), (Chirp.TEST, self_test_tones)]
)
async def test_a_chirp_from_the_phone_is_heard_and_is_no_siren(
    board: VirtualBoard, phone: BenchPhone, kind: int, tones: Tones
) -> None:
    await phone.connect()
    asked_s = board.loop.time()
    phone.chirp(kind)
    await asyncio.sleep(5)
    sound = sound_of(board, asked_s)
    wanted = tones(board.spec.siren.resonance_hz)
    found = audible(sound)
    assert found[0][0] <= 0.5
    assert found[-1][1] - found[0][0] == pytest.approx(sum(t[2] for t in wanted) / 1000, abs=0.03)
    heard_hz = [n.hz for n in notes(sound)]
    assert off_key(heard_hz, [hz for hz, _, _ in wanted if hz]) <= IN_TUNE
    assert not any(e.state.flags & SIREN_ON for e in phone.transcript.of(ButtonState))
    assert not phone.transcript.of(AlertTaken)


async def test_a_chirp_to_be_found_by_is_24_db_softer_than_one_that_tests_the_sounder(
    board: VirtualBoard, phone: BenchPhone
) -> None:
    await phone.connect()
    levels: list[float] = []
    for kind in (Chirp.FIND_ME, Chirp.TEST):
        asked_s = board.loop.time()
        phone.chirp(kind)
        await asyncio.sleep(5)
        sound = sound_of(board, asked_s)
        resonance_hz = board.spec.siren.resonance_hz
        note = next(n for n in notes(sound) if abs(n.hz - resonance_hz) < 0.02 * resonance_hz)
        levels.append(level_db(sound, note.from_s + 0.005, note.to_s - 0.015))
    assert levels[1] - levels[0] == pytest.approx(24, abs=1)


async def test_a_chirp_does_not_disturb_the_siren(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await phone.connect()
    decided_s = await hold(rig)
    phone.chirp(Chirp.FIND_ME)
    await asyncio.sleep(5)
    check_siren(board, decided_s)


async def test_the_siren_goes_before_a_chirp(board: VirtualBoard, phone: BenchPhone) -> None:
    await phone.connect()
    phone.chirp(Chirp.FIND_ME)
    await asyncio.sleep(0.2)
    asked_s = board.loop.time()
    phone.sound_siren(True)
    await asyncio.sleep(5)
    sound = sound_of(board, asked_s + 0.5)
    assert len(audible(sound)) == 1
    assert audible(sound)[0][1] == pytest.approx(sound.seconds, abs=0.01)
