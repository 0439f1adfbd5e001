"""Recordings on boards with a room around them, with broken parts, and with little space."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from button.core import adpcm
from button.core.patterns import FAULT
from button.core.recording import BLOCK_BYTES, BLOCK_SAMPLES
from button.core.wire import MICROPHONE_FAILED, RECORDING
from tests.virtual.hearing import snr_db
from vigie.bench.phones import BenchPhone
from vigie.bench.signal import felt
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec
from vigie.paths import DEMO
from vigie.phone.events import AlertTaken, ButtonState, RecordingClosed
from vigie.phone.evidence import audio
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.evidence.verify import verify
from vigie.virtual.acoustics.sounds import Sound, read
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.world import World

Change = Callable[[BoardSpec], BoardSpec]


@pytest.fixture
def speech() -> Sound:
    return read(DEMO / "jfk-16k.flac")


@pytest.fixture
def changed_board(
    request: pytest.FixtureRequest, world: World, board_spec: BoardSpec, tmp_path: Path
) -> VirtualBoard:
    """The board with something changed (`changed`), without power."""
    change: Change = request.param
    spec = change(board_spec)
    return world.add_board(spec, copy_home(firmware_home(spec), tmp_path / "changed"))


def changed(change: Change) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("changed_board", [change], indirect=True, ids=[""])


def with_microphone(**changes: object) -> Change:
    def change(spec: BoardSpec) -> BoardSpec:
        assert spec.microphone
        return replace(spec, microphone=replace(spec.microphone, **changes))  # pyright: ignore[reportArgumentType]

    return change


def without_microphone(spec: BoardSpec) -> BoardSpec:
    return replace(spec, microphone=None)


async def on(board: VirtualBoard) -> VirtualRig:
    board.power_on()
    await board.console.said("advertising", within_s=5)
    return VirtualRig(board)


async def two_clicks(rig: VirtualRig) -> None:
    for _ in range(2):
        await rig.press()
        await asyncio.sleep(0.2)


def break_microphone(board: VirtualBoard, *, broken: bool = True) -> None:
    assert board.i2s.microphone
    board.i2s.microphone.dead = broken


async def recorded(
    phone: BenchPhone, within_s: float = 30.0, since: int = 0
) -> tuple[Manifest, Path]:
    closed = await phone.transcript.saw(RecordingClosed, within_s=within_s, since=since)
    manifest = closed.manifest
    return manifest, phone.evidence / manifest.recording


def through_the_codec(samples: np.ndarray) -> np.ndarray:
    """The same sound after nothing but encoding and decoding, a block at a time."""
    pcm = (samples * 32767).astype("<i2")
    whole = pcm[: len(pcm) // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES)
    state = [0, 0, 0]
    blocks: list[bytes] = []
    for block in whole:
        out = bytearray(BLOCK_BYTES)
        state[2] = 0
        adpcm.encode(block.tobytes(), BLOCK_SAMPLES, out, 0, state)
        blocks.append(bytes(out))
    return np.concatenate(audio.decode(blocks)) / 32768


async def test_speech_in_the_room_is_understood_from_the_phones_file(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone, speech: Sound
) -> None:
    await phone.connect()
    await two_clicks(rig)
    await asyncio.sleep(1)
    board.room.play(speech, board.loop.time())
    await asyncio.sleep(speech.seconds + 1)
    phone.record(False)
    manifest, folder = await recorded(phone)
    assert manifest.lost == 0
    sound, rate_hz = soundfile.read(folder / "audio.flac")
    assert rate_hz == speech.rate_hz
    whole_path = snr_db(sound, speech.samples)
    codec_alone = snr_db(through_the_codec(speech.samples / 2), speech.samples)
    print(f"speech through the whole path: {whole_path:.1f} dB, codec alone {codec_alone:.1f} dB")
    assert whole_path > codec_alone - 1
    assert whole_path > 25


@pytest.mark.parametrize("loss", [0.1, 0.3])
async def test_nothing_is_lost_on_a_bad_link(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone, loss: float
) -> None:
    await phone.connect()
    phone.lose(loss)
    await two_clicks(rig)
    await asyncio.sleep(30)
    phone.record(False)
    manifest, folder = await recorded(phone, within_s=60)
    assert manifest.lost == 0
    assert verify(folder).is_sound


@pytest.mark.parametrize("phase_ms", range(0, 300, 20))
async def test_nothing_is_lost_at_any_moment_of_the_connection(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone, phase_ms: int
) -> None:
    await phone.connect()
    await asyncio.sleep(5 + phase_ms / 1000)
    await two_clicks(rig)
    await asyncio.sleep(3)
    phone.record(False)
    manifest, _ = await recorded(phone)
    assert manifest.lost == 0
    assert "2 chunks waited" in board.console.text  # so nothing had to be sent twice


@changed(with_microphone(rate_hz=8000, preroll_s=8))
async def test_what_was_said_before_the_press_is_kept(
    changed_board: VirtualBoard, phone: BenchPhone, speech: Sound
) -> None:
    board = changed_board
    rig = await on(board)
    await phone.connect()
    await asyncio.sleep(2)
    board.room.play(speech, board.loop.time())
    await asyncio.sleep(speech.seconds)
    await two_clicks(rig)
    await asyncio.sleep(5)
    phone.record(False)
    manifest, folder = await recorded(phone)
    assert manifest.before_press_s == pytest.approx(8, abs=0.7)
    assert verify(folder).is_unchanged
    sound, _ = soundfile.read(folder / "audio.wav")
    before = round((manifest.before_press_s - 1) * 8000)
    said = speech.at_rate(8000).samples[-before:]
    # Writing it down stops the microphone for moments, but only after what was said.
    assert snr_db(sound[: before + 4000], said) > 20


async def test_a_dead_microphone_is_told_and_stops_nothing_else(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    break_microphone(board)
    await phone.connect()
    await two_clicks(rig)
    await phone.transcript.saw(AlertTaken, within_s=3)
    await asyncio.sleep(5)
    assert FAULT in [f.state for f in felt(rig.indicator.pulses)]
    flags = phone.transcript.of(ButtonState)[-1].state.flags
    assert flags & MICROPHONE_FAILED
    assert not flags & RECORDING
    assert all(len(phone.texts_to(c)) == 1 for c in phone.contacts)


async def test_a_microphone_that_works_again_is_told_too(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    break_microphone(board)
    await phone.connect()
    await two_clicks(rig)
    await asyncio.sleep(10)
    break_microphone(board, broken=False)
    phone.record(True)
    await asyncio.sleep(5)
    assert not phone.transcript.of(ButtonState)[-1].state.flags & MICROPHONE_FAILED
    since = len(phone.transcript.events)
    phone.record(False)
    manifest, _ = await recorded(phone, since=since)
    assert manifest.seconds > 4


@changed(with_microphone(rate_hz=8000, preroll_s=8))
async def test_a_preroll_that_broke_listens_again(
    changed_board: VirtualBoard, phone: BenchPhone
) -> None:
    rig = await on(changed_board)
    await phone.connect()
    break_microphone(changed_board)
    await asyncio.sleep(150)
    assert phone.transcript.of(ButtonState)[-1].state.flags & MICROPHONE_FAILED
    assert [f.state for f in felt(rig.indicator.pulses)] == [FAULT]
    break_microphone(changed_board, broken=False)
    await asyncio.sleep(75)
    assert not phone.transcript.of(ButtonState)[-1].state.flags & MICROPHONE_FAILED
    await two_clicks(rig)
    await asyncio.sleep(3)
    phone.record(False)
    manifest, _ = await recorded(phone)
    assert manifest.before_press_s > 5


@changed(without_microphone)
async def test_a_board_without_a_microphone_alerts_and_records_nothing(
    changed_board: VirtualBoard, phone: BenchPhone
) -> None:
    rig = await on(changed_board)
    await phone.connect()
    await two_clicks(rig)
    await phone.transcript.saw(AlertTaken, within_s=3)
    phone.record(True)
    await asyncio.sleep(5)
    assert not phone.transcript.of(ButtonState)[-1].state.flags & (RECORDING | MICROPHONE_FAILED)
    assert all(len(phone.texts_to(c)) == 1 for c in phone.contacts)


@changed(with_microphone(quota_kib=64))
async def test_recordings_stay_inside_their_quota_and_alerts_go_on(
    changed_board: VirtualBoard, phone: BenchPhone
) -> None:
    board = changed_board
    rig = await on(board)
    await two_clicks(rig)
    await board.console.said("ended: storage full", within_s=20)
    await asyncio.sleep(3)
    assert FAULT in [f.state for f in felt(rig.indicator.pulses)]
    await rig.press()
    await asyncio.sleep(5)
    await phone.connect(within_s=30)
    manifest, folder = await recorded(phone)
    assert manifest.ended == "storage full"
    assert (folder / "stream.vig").stat().st_size < 66 * 1024
    assert verify(folder).is_unchanged
    await asyncio.sleep(30)
    assert len([e for e in phone.transcript.of(AlertTaken) if e.is_new]) == 2


async def test_a_recording_goes_to_the_phone_although_flash_is_broken(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await phone.connect()
    rig.break_flash(True)
    await two_clicks(rig)
    await asyncio.sleep(8)
    phone.record(False)
    manifest, folder = await recorded(phone)
    assert manifest.seconds == pytest.approx(8, abs=1)
    assert verify(folder).is_sound


async def test_recordings_of_many_alerts_without_a_phone_all_arrive_oldest_first(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    for _ in range(3):
        await two_clicks(rig)
        await asyncio.sleep(3)
        board.machine_reset()
        await board.console.said("advertising", since=len(board.console.lines))
        await asyncio.sleep(2)
    await phone.connect(within_s=30)
    await asyncio.sleep(30)
    closed = phone.transcript.of(RecordingClosed)
    begun = [e.manifest.begun_at for e in closed]
    assert len(closed) == 3
    assert begun == sorted(begun)
    assert all(verify(phone.evidence / e.manifest.recording).is_unchanged for e in closed)


def with_much_heap(spec: BoardSpec) -> BoardSpec:
    spec = replace(spec, heap_kib=2048)
    return with_microphone(preroll_s=60, quota_kib=1536)(spec)


@changed(with_much_heap)
async def test_a_board_with_much_memory_keeps_the_minute_before_the_press(
    changed_board: VirtualBoard, phone: BenchPhone
) -> None:
    rig = await on(changed_board)
    await phone.connect()
    await asyncio.sleep(75)
    await two_clicks(rig)
    await asyncio.sleep(5)
    phone.record(False)
    manifest, folder = await recorded(phone, within_s=120)
    assert manifest.before_press_s == pytest.approx(60, abs=0.7)
    assert verify(folder).is_unchanged
