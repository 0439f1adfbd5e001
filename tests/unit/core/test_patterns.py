"""Patterns that a hand can tell apart, and a siren that varies."""

from button.core.patterns import (
    FEEDBACK,
    FEEDBACK_NAMES,
    find_me_tones,
    same_for_the_hand,
    self_test_tones,
    siren_tones,
)
from button.core.wire import FAILED, HANDED_OVER, PHONE_HAS_IT, REGISTERED, SEEN


def test_no_two_feedback_patterns_feel_the_same():
    for i in range(1, len(FEEDBACK)):
        for j in range(i + 1, len(FEEDBACK)):
            assert not same_for_the_hand(FEEDBACK[i], FEEDBACK[j]), (i, j)


def test_every_state_has_its_pattern_and_name():
    assert (REGISTERED, PHONE_HAS_IT, HANDED_OVER, SEEN, FAILED) == (1, 2, 3, 4, 5)
    assert len(FEEDBACK) == len(FEEDBACK_NAMES) == 7


def test_the_siren_sweeps_through_the_resonance_and_has_a_low_part():
    for resonance_hz in (2000, 2700, 4100):
        tones = siren_tones(resonance_hz)
        frequencies = [hz for hz, _, _ in tones]
        assert resonance_hz in frequencies and 400 <= min(frequencies) <= 520
        assert 0.8 * resonance_hz in frequencies and max(frequencies) >= 1.25 * resonance_hz
        assert len(set(frequencies)) > 10
        assert sum([ms for _, _, ms in tones]) < 1500
        assert all([duty == 50 for _, duty, _ in tones])


def test_a_chirp_to_be_found_by_is_soft_and_one_to_be_tested_by_is_not():
    find, test = find_me_tones(2700), self_test_tones(2700)
    assert max([duty for _, duty, _ in find]) <= 3 and len([1 for hz, _, _ in find if hz]) == 3
    assert min([duty for _, duty, _ in test]) == 50 and sum([ms for _, _, ms in test]) <= 100
