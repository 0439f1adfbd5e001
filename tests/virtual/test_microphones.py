"""What the program reads is what the room sounds like, through each kind of microphone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.virtual.listening import BUFFER, heard, sine
from tests.virtual.programs import told
from vigie.boards.spec import BoardSpec
from vigie.virtual.acoustics.room import Room
from vigie.virtual.acoustics.sounds import Sound
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

Mount = Callable[[str], VirtualBoard]
HALF_A_SECOND = "i = settled(rate={rate})\nw = words(i, {rate} // 2)\ni.deinit()\nshow(w)"


@pytest.fixture
def mount(world: World, board_spec: BoardSpec, tmp_path: Path) -> Mount:
    """A board with another microphone and without a program, running."""

    def mount(model: str) -> VirtualBoard:
        assert board_spec.microphone
        microphone = replace(board_spec.microphone, model=model) if model else None
        board = world.add_board(replace(board_spec, microphone=microphone), tmp_path / "mounted")
        told(world, board, "help")
        return board

    return mount


def level(words: np.ndarray) -> float:
    """Peak of the sine that has this power, of full scale."""
    return float(np.std(words / 2**31) * np.sqrt(2))


def frequency(words: np.ndarray, rate_hz: int) -> float:
    """Of a sine, within two Hertz for half a second of it."""
    spectrum = np.abs(np.fft.rfft(words * np.hanning(len(words))))
    return float(np.argmax(spectrum[1:]) + 1) * rate_hz / len(words)


@pytest.mark.parametrize(
    ("model", "rate_hz", "samples"),
    [
        ("inmp441", 16000, 4096),  # 2**18 cycles of a clock of 64 a sample
        ("inmp441", 8000, 4096),
        ("ics43434", 16000, 336),
        ("sph0645", 16000, 160),
    ],
)
def test_it_sends_anything_but_sound_until_it_has_settled(
    world: World, mount: Mount, model: str, rate_hz: int, samples: int
) -> None:
    words = heard(
        world, mount(model), f"i = listen(rate={rate_hz})\nw = words(i, 6144)\ni.deinit()\nshow(w)"
    )
    constant = words[-BUFFER:].mean()
    loud = np.abs(words - constant) > 2**31 / 100
    assert samples - 10 <= np.flatnonzero(loud)[-1] < samples
    assert np.mean(loud[:samples]) > 0.9


@pytest.mark.parametrize("rate_hz", [8000, 16000])
@pytest.mark.parametrize("hz", [120, 1000, 3400])
def test_a_sine_in_the_room_has_its_frequency_and_its_level(
    world: World, bare: VirtualBoard, rate_hz: int, hz: int
) -> None:
    bare.room.play(sine(hz, 94, 3.0), world.loop.time())
    words = heard(world, bare, HALF_A_SECOND.format(rate=rate_hz))
    assert frequency(words, rate_hz) == pytest.approx(hz, abs=2)
    # -26 dB of full scale at 94 dB of sound pressure: the data sheet's own example, 420 426.
    assert level(words) * 2**23 == pytest.approx(420_426, rel=0.02)


@pytest.mark.parametrize(
    ("model", "step", "louder"), [("inmp441", 8, 1), ("ics43434", 8, 1), ("sph0645", 15, 2)]
)
def test_samples_lie_at_the_top_of_the_word_but_one_kind_is_a_bit_too_high(
    world: World, mount: Mount, model: str, step: int, louder: int
) -> None:
    board = mount(model)
    board.room.play(sine(1000, 94, 3.0), world.loop.time())
    words = heard(world, board, HALF_A_SECOND.format(rate=16000))
    assert not np.any(words & ((1 << step) - 1))
    assert np.any(words & (1 << step))
    assert level(words) == pytest.approx(louder * 10 ** (-26 / 20), rel=0.02)


def test_a_bit_too_high_is_a_sample_that_turns_over_when_it_is_loud(
    world: World, mount: Mount
) -> None:
    board = mount("sph0645")
    board.room.play(sine(1000, 117, 3.0), world.loop.time())
    words = heard(world, board, HALF_A_SECOND.format(rate=16000))
    assert np.max(np.abs(np.diff(words.astype(np.int64)))) > 1.5 * 2**31


def test_one_kind_has_a_constant_offset(world: World, mount: Mount) -> None:
    words = heard(world, mount("sph0645"), HALF_A_SECOND.format(rate=16000))
    assert words.mean() / 2**31 == pytest.approx(2 * 0.02, rel=0.05)


def test_one_kind_sleeps_at_the_slow_clock(world: World, mount: Mount) -> None:
    board = mount("sph0645")
    board.room.play(sine(1000, 94, 3.0), world.loop.time())
    assert not np.any(heard(world, board, HALF_A_SECOND.format(rate=8000)))


def test_silence_is_the_microphones_own_noise(world: World, bare: VirtualBoard) -> None:
    words = heard(world, bare, HALF_A_SECOND.format(rate=16000))
    # 33 dB of sound pressure, 87 dB below a sine of full scale.
    assert 20 * np.log10(level(words)) == pytest.approx(-87, abs=0.5)
    assert len(set(words[:1000])) > 100


def test_the_right_slot_is_empty_and_16_bits_are_the_upper_ones(
    world: World, bare: VirtualBoard
) -> None:
    bare.room.play(sine(1000, 94, 3.0), world.loop.time())
    both = heard(world, bare, """
i = listen(format=I2S.STEREO)
for _ in range(9): w = words(i, 1024)
show(w)
""").reshape(-1, 2)  # fmt: skip
    assert np.any(both[:, 0])
    assert not np.any(both[:, 1])
    half = heard(world, bare, """
i = listen(bits=16)
for _ in range(9): w = words(i, 512)
show(w)
""").view("<i2")  # fmt: skip
    assert np.max(half) == pytest.approx(420_426 / 256, rel=0.02)


@pytest.mark.parametrize(
    "code", [HALF_A_SECOND, HALF_A_SECOND.replace("rate={rate}", "rate={rate}, sd=22")]
)
def test_a_line_that_nobody_drives_is_low(
    world: World, bare: VirtualBoard, mount: Mount, code: str
) -> None:
    if "sd=22" in code:
        board = bare
        code = code.replace("settled(rate={rate}, sd=22)", _ON_ANOTHER_PIN)
    else:
        board = mount("")
    assert not np.any(heard(world, board, code.format(rate=16000)))


_ON_ANOTHER_PIN = (
    "I2S(0, sck=18, ws=19, sd=22, mode=I2S.RX, bits=32, format=I2S.MONO, rate=16000, ibuf=4096)"
)


def test_a_dead_microphone_sends_always_the_same(world: World, bare: VirtualBoard) -> None:
    assert bare.i2s.microphone
    bare.i2s.microphone.dead = True
    bare.room.play(sine(1000, 94, 3.0), world.loop.time())
    assert len(set(heard(world, bare, HALF_A_SECOND.format(rate=16000)))) == 1


def test_what_is_heard_twice_is_the_same(world: World, bare: VirtualBoard) -> None:
    """Equal seeds give equal bytes: the noise of a moment since the start is always the same."""
    first = heard(world, bare, HALF_A_SECOND.format(rate=16000))
    assert np.array_equal(first, heard(world, bare, HALF_A_SECOND.format(rate=16000)))


def test_a_room_is_silent_but_for_what_is_played() -> None:
    room = Room()
    room.play(Sound(np.full(100, 0.5), 1000), 1.0)
    room.play(Sound(np.full(100, 0.25), 1000), 1.05)
    heard = room.heard(0.95, 300, 1000)
    expected = np.concatenate([np.zeros(50), np.full(50, 0.5), np.full(50, 0.75),
                               np.full(50, 0.25), np.zeros(100)])  # fmt: skip
    assert np.array_equal(heard, expected)


def test_a_room_is_heard_the_same_in_pieces_of_any_size() -> None:
    room = Room()
    room.play(sine(440, 80, 0.5, 44100), 0.1)
    whole = room.heard(0.0, 16000, 16000)
    pieces = [room.heard(at / 16000, 256, 16000) for at in range(0, 16000, 256)]
    assert np.allclose(np.concatenate(pieces)[:16000], whole)
