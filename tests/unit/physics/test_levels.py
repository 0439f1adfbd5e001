"""Levels and tones on signals whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.bench.physics import levels
from vigie.bench.physics.tones import sine

RATE_HZ = 16000


def noise(dbfs: float, seconds: float = 2.0) -> levels.Row:
    """White noise of this level."""
    rng = np.random.default_rng(7)
    return rng.standard_normal(round(seconds * RATE_HZ)) * 10 ** (dbfs / 20) / np.sqrt(2)


@given(st.floats(-90, 0), st.floats(150, 7000), st.floats(-0.3, 0.3))
def test_a_sine_has_its_level_whatever_its_frequency_and_offset(
    dbfs: float, hz: float, offset: float
) -> None:
    samples = sine(hz, 1.0, RATE_HZ, dbfs) + offset
    assert levels.level_dbfs(samples) == pytest.approx(dbfs, abs=0.1)
    assert levels.tone_dbfs(samples, RATE_HZ, hz) == pytest.approx(dbfs, abs=0.1)


@given(st.floats(200, 7800))
def test_the_frequency_of_a_tone_is_found_between_the_bins(hz: float) -> None:
    assert levels.loudest_hz(sine(hz, 0.5, RATE_HZ), RATE_HZ) == pytest.approx(hz, abs=0.5)


@given(st.floats(-60, -10), st.floats(300, 7000))
def test_a_tone_is_found_in_noise_twenty_decibels_louder(dbfs: float, hz: float) -> None:
    samples = sine(hz, 2.0, RATE_HZ, dbfs) + noise(dbfs + 20)
    assert levels.tone_dbfs(samples, RATE_HZ, hz) == pytest.approx(dbfs, abs=3)


def test_the_loudest_window_of_a_sweep_is_its_tone_at_the_resonance() -> None:
    """In steps of 40 ms, as the siren; 20 dB softer off the resonance."""
    percents = range(80, 129, 4)
    steps = [sine(27 * p, 0.04, RATE_HZ, 0 if p == 100 else -20) for p in percents]
    window = levels.loudest_window(np.concatenate(steps * 2), RATE_HZ, 0.04)
    assert levels.level_dbfs(window) == pytest.approx(0, abs=0.1)
    assert levels.loudest_hz(window, RATE_HZ) == pytest.approx(2700, abs=5)


def test_the_loudest_window_of_a_short_recording_is_all_of_it() -> None:
    short = sine(1000, 0.03, RATE_HZ)
    assert levels.loudest_window(short, RATE_HZ, 0.04) is short


def test_another_tone_is_not_heard_at_a_frequency() -> None:
    assert levels.tone_dbfs(sine(1000, 1.0, RATE_HZ), RATE_HZ, 1500) < -90


def test_the_loudest_of_two_tones_is_found_and_hum_below_the_least_is_not() -> None:
    samples = sine(2700, 1.0, RATE_HZ, -10) + sine(1200, 1.0, RATE_HZ, -16)
    assert levels.loudest_hz(samples, RATE_HZ) == pytest.approx(2700, abs=1)
    humming = sine(2700, 1.0, RATE_HZ, -40) + sine(50, 1.0, RATE_HZ)
    assert levels.loudest_hz(humming, RATE_HZ, least_hz=500) == pytest.approx(2700, abs=1)


@given(st.floats(0, 60))
def test_the_signal_to_noise_ratio_of_a_tone_is_what_was_mixed(ratio_db: float) -> None:
    soft = noise(-60)
    loud = sine(1000, 2.0, RATE_HZ, -60 + ratio_db) + noise(-60)
    assert levels.snr_db(loud, soft) == pytest.approx(ratio_db, abs=1.5)


@pytest.mark.parametrize(
    ("hz", "weight_db"), [(1000, 0.0), (100, -19.1), (500, -3.2), (2000, 1.2), (4000, 1.0)]
)
def test_a_weighting_is_that_of_the_standard(hz: float, weight_db: float) -> None:
    """IEC 61672, table 3."""
    samples = sine(hz, 2.0, RATE_HZ, -20)
    assert levels.weighted_dbfs(samples, RATE_HZ) == pytest.approx(-20 + weight_db, abs=0.15)


def test_nothing_at_all_is_silence_and_no_tone() -> None:
    for silent in (np.zeros(RATE_HZ), np.zeros(0), np.full(RATE_HZ, 0.25)):
        assert levels.level_dbfs(silent) == levels.SILENCE_DB
        assert levels.weighted_dbfs(silent, RATE_HZ) == levels.SILENCE_DB
        assert levels.tone_dbfs(silent, RATE_HZ, 1000) <= levels.SILENCE_DB + 1e-9
    assert levels.loudest_hz(np.zeros(RATE_HZ), RATE_HZ) == 0
    assert levels.loudest_hz(np.zeros(2), RATE_HZ) == 0


def test_a_level_becomes_sound_pressure_by_the_calibration() -> None:
    assert levels.spl(-26.0, 120.0) == 94.0
