"""From what the pin puts out to a sound that can be heard, and to a file."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.virtual.melody import audible, level_db, notes
from tests.virtual.programs import say
from vigie.boards.spec import SirenSpec
from vigie.errors import VigieError
from vigie.virtual.acoustics.sounder import RATE_HZ, Tone, heard, render
from vigie.virtual.acoustics.sounds import Sound, read, write
from vigie.virtual.board import VirtualBoard
from vigie.virtual.chip.gpio import Output
from vigie.virtual.world import World

SIREN = SirenSpec(pin=25, resonance_hz=2700)
HALF = 32768


def pwm(t_s: float, hz: int, duty: int = HALF, pin: int = 25) -> Output:
    return Output(t_s, pin, None, hz, duty)


def test_a_tone_lasts_until_the_pin_does_something_else() -> None:
    outputs = [pwm(1.0, 2700), pwm(1.5, 3000), Output(2.0, 25, 0)]
    sound = heard(outputs, SIREN, 0.0, 3.0)
    ((begin, end),) = audible(sound)
    assert (begin, end) == (pytest.approx(1.0, abs=0.001), pytest.approx(2.0, abs=0.001))
    assert [round(n.hz, -1) for n in notes(sound)] == [2700, 3000]
    assert len(sound.samples) == 3 * RATE_HZ


def test_other_pins_levels_and_a_duty_of_nothing_are_silent() -> None:
    outputs = [pwm(0.0, 2700, pin=26), Output(0.1, 25, 1), pwm(0.2, 2700, 0), Output(0.3, 26, 1)]
    assert not audible(heard(outputs, SIREN, 0.0, 1.0))


def test_a_part_of_a_sound_is_that_part_of_it() -> None:
    outputs = [pwm(0.0, 2700), pwm(0.7, 2000), Output(1.0, 25, 0)]
    part = heard(outputs, SIREN, 0.5, 0.9)
    assert part.seconds == pytest.approx(0.4)
    assert [round(n.hz, -1) for n in notes(part)] == [2700, 2000]


def test_it_is_loudest_at_the_resonance_and_at_half_the_duty() -> None:
    def level(hz: int, duty: float = 0.5) -> float:
        return level_db(render([Tone(0, 1, hz, duty)], 2700, 0, 1), 0.1, 0.9)

    assert level(2700) > level(2430) + 3 > level(2000) + 3
    assert level(2700) > level(2970) + 3 > level(3600) + 3
    assert level(2700) - level(2700, 0.02) == pytest.approx(24, abs=0.5)
    # Nobody should trust a small sounder with low tones: what is left are their overtones.
    assert level(2700) - level(440) > 10


def test_nothing_is_clipped_whatever_is_played() -> None:
    for hz in (300, 440, 540, 900, 2700, 5400, 10000):
        for duty in (0.02, 0.3, 0.5, 0.9):
            sound = render([Tone(0, 0.1, hz, duty)], 2700, 0, 0.1)
            assert np.max(np.abs(sound.samples)) < 1


def test_pwm_on_a_board_is_heard(world: World, bare: VirtualBoard) -> None:
    begin_s = world.loop.time()
    say(world, bare, """
from machine import PWM, Pin
import time
s = PWM(Pin(25), freq=2700, duty_u16=32768)
time.sleep_ms(200)
s.freq(3100)
time.sleep_ms(100)
s.deinit()
time.sleep_ms(50)
Pin(25, Pin.OUT, value=0)
""")  # fmt: skip
    sound = heard(bare.gpio.outputs, bare.spec.siren, begin_s, world.loop.time())
    ((begin, end),) = audible(sound)
    assert end - begin == pytest.approx(0.35, abs=0.002)  # deinit leaves the signal on the pin
    assert [round(n.hz, -1) for n in notes(sound)] == [2700, 3100]


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_a_file_of_it_is_what_was_heard(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"siren{ending}"
    sound = heard([pwm(0.1, 2700), Output(0.9, 25, 0)], SIREN, 0.0, 1.0)
    write(sound, file)
    facts = soundfile.info(file)
    assert (facts.samplerate, facts.channels, facts.subtype) == (RATE_HZ, 1, "PCM_16")
    back = read(file)
    assert np.allclose(back.samples, sound.samples, atol=2**-15)
    assert [round(n.hz, -1) for n in notes(back)] == [2700]


@pytest.mark.parametrize("name", ["missing/siren.wav", "siren.doc", "siren", "."])
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(VigieError, match="cannot be written"):
        write(Sound(np.zeros(10), RATE_HZ), tmp_path / name)
