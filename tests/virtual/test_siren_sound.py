"""The siren as it sounds, from the sounder: soon, in tune, stoppable, whatever else is broken."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from button.core.patterns import siren_tones
from button.core.wire import RECORDING, SIREN_ON
from tests.virtual.conftest import MakeFaulty
from tests.virtual.melody import Note, audible, notes, off_key, sound_of
from tests.virtual.test_broken_parts import CONVERTER, NO_MEMORY_FOR_FILES, RADIO
from vigie.bench.phones import BenchPhone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec
from vigie.phone.events import Acknowledged, AlertTaken, ButtonState, RecordingClosed
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.world import World

SOON_S = 0.150
IN_TUNE = 0.02
DECIDED_S = 2.0
"""After the first edge: the threshold of a hold."""
NO_MICROPHONE = """
import machine
def _broken(*a, **k): raise OSError(-258)
machine.I2S = _broken
"""


def meant(board: VirtualBoard, count: int) -> list[float]:
    """So many tones of the siren."""
    tones = [float(hz) for hz, _, _ in siren_tones(board.spec.siren.resonance_hz)]
    return (tones * (count // len(tones) + 1))[:count]


def check_siren(board: VirtualBoard, decided_s: float) -> list[Note]:
    """It begins soon after this moment and is in tune for two rounds of its pattern."""
    sound = sound_of(board, decided_s, decided_s + 3)
    (begin, end) = audible(sound)[0]
    assert begin <= SOON_S
    assert end == pytest.approx(3, abs=0.01)
    found = notes(sound)
    two_rounds = 2 * len(siren_tones(board.spec.siren.resonance_hz))
    assert len(found) >= two_rounds
    assert off_key([n.hz for n in found], meant(board, len(found))) <= IN_TUNE
    return found


async def on(board: VirtualBoard) -> VirtualRig:
    """Running, or so broken that it cannot say so."""
    board.power_on()
    await asyncio.sleep(3)
    return VirtualRig(board)


async def hold(rig: VirtualRig, ms: float = 2500) -> float:
    """Hold the key; when that was decided to be a hold."""
    return await rig.press(ms) + DECIDED_S


def make_board(world: World, spec: BoardSpec, folder: Path) -> VirtualBoard:
    return world.add_board(spec, copy_home(firmware_home(spec), folder))


def make_deaf_board(world: World, spec: BoardSpec, folder: Path) -> VirtualBoard:
    return make_board(world, replace(spec, microphone=None), folder / "deaf")


@pytest.mark.parametrize("resonance_hz", [2000, 2700, 4100])
def test_it_begins_within_150_ms_and_every_tone_is_within_2_percent(
    world: World, board_spec: BoardSpec, tmp_path: Path, resonance_hz: int
) -> None:
    siren = replace(board_spec.siren, resonance_hz=resonance_hz)
    board = make_board(world, replace(board_spec, siren=siren), tmp_path / "tuned")

    async def play() -> None:
        decided_s = await hold(await on(board))
        await asyncio.sleep(4)
        found = check_siren(board, decided_s)
        low = [n for n in found if n.hz < 1000]
        assert {round(n.hz, -1) for n in low} == {440, 520}

    world.run(play())


async def test_a_second_hold_ends_the_sound(board: VirtualBoard, rig: VirtualRig) -> None:
    await hold(rig)
    await asyncio.sleep(5)
    decided_s = await hold(rig)
    await asyncio.sleep(10)
    ((begin, end),) = audible(sound_of(board, decided_s - 1))
    assert begin < 0.01
    assert end - 1 <= SOON_S


async def test_the_phone_ends_the_sound_within_a_second(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await phone.connect()
    await hold(rig)
    await asyncio.sleep(5)
    asked_s = board.loop.time()
    phone.sound_siren(False)
    await asyncio.sleep(10)
    ((_, end),) = audible(sound_of(board, asked_s))
    assert end <= 1


def test_nothing_is_heard_after_ten_minutes_whoever_asks_for_more(
    world: World, board_spec: BoardSpec, tmp_path: Path, phone: BenchPhone
) -> None:
    board = make_deaf_board(world, board_spec, tmp_path)

    async def play() -> None:
        rig = await on(board)
        await phone.connect()
        decided_s = await hold(rig)
        for _ in range(3):
            await asyncio.sleep(180)
            await rig.press()
            phone.sound_siren(True)
        await asyncio.sleep(90)
        assert len(audible(sound_of(board, decided_s + 590, decided_s + 599))) == 1
        assert not audible(sound_of(board, decided_s + 600 + SOON_S))

    world.run(play())


async def test_a_reset_ends_the_sound_though_the_alert_is_not_delivered(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await hold(rig)
    await asyncio.sleep(2)
    reset_s = board.loop.time()
    board.machine_reset()
    await asyncio.sleep(20)
    assert not audible(sound_of(board, reset_s))
    await phone.connect()
    await phone.transcript.saw(Acknowledged, within_s=5)
    await asyncio.sleep(10)
    assert not audible(sound_of(board, reset_s))


async def test_it_sounds_though_flash_is_broken(board: VirtualBoard, rig: VirtualRig) -> None:
    rig.break_flash(True)
    decided_s = await hold(rig)
    await asyncio.sleep(5)
    check_siren(board, decided_s)


@pytest.mark.parametrize("fault", [RADIO, CONVERTER, NO_MEMORY_FOR_FILES, NO_MICROPHONE])
def test_it_sounds_whatever_part_is_broken(
    world: World, make_faulty: MakeFaulty, fault: str
) -> None:
    board = make_faulty(fault)

    async def play() -> None:
        decided_s = await hold(await on(board))
        await asyncio.sleep(5)
        check_siren(board, decided_s)

    world.run(play())


@pytest.mark.parametrize("dead", [True, False])
async def test_it_sounds_while_nobody_takes_the_alert(
    board: VirtualBoard, rig: VirtualRig, dead: bool
) -> None:
    assert board.i2s.microphone
    board.i2s.microphone.dead = dead
    decided_s = await hold(rig)
    await asyncio.sleep(60)
    check_siren(board, decided_s)
    assert len(audible(sound_of(board, decided_s + 1))) == 1  # without a pause, all the time


def test_it_sounds_on_a_board_without_a_microphone(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    board = make_deaf_board(world, board_spec, tmp_path)

    async def play() -> None:
        decided_s = await hold(await on(board))
        await asyncio.sleep(5)
        check_siren(board, decided_s)

    world.run(play())


async def test_a_hold_sounds_and_records_at_the_same_time(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await phone.connect()
    decided_s = await hold(rig)
    await asyncio.sleep(10)
    assert phone.transcript.of(ButtonState)[-1].state.flags & (SIREN_ON | RECORDING) == (
        SIREN_ON | RECORDING
    )
    check_siren(board, decided_s)
    await phone.transcript.saw(AlertTaken, within_s=1)
    phone.record(False)
    manifest = (await phone.transcript.saw(RecordingClosed, within_s=30)).manifest
    assert manifest.seconds == pytest.approx(10, abs=1)
    assert manifest.lost == 0


async def test_writing_a_recording_to_flash_holds_no_tone_for_long(
    board: VirtualBoard, rig: VirtualRig
) -> None:
    decided_s = await hold(rig)
    await asyncio.sleep(20)
    found = notes(sound_of(board, decided_s, decided_s + 15))
    assert off_key([n.hz for n in found], meant(board, len(found))) <= IN_TUNE
    lengths = [n.to_s - n.from_s for n in found]
    assert max(lengths) < 0.6  # the longest tone has 0.24 s; a write holds the next one up
