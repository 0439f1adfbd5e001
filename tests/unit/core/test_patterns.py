"""Patterns that a hand can tell apart, and a siren that varies."""

from button.core.patterns import FEEDBACK, FEEDBACK_NAMES, SIREN, same_for_the_hand
from button.core.wire import FAILED, HANDED_OVER, PHONE_HAS_IT, REGISTERED, SEEN


def test_no_two_feedback_patterns_feel_the_same():
    for i in range(1, len(FEEDBACK)):
        for j in range(i + 1, len(FEEDBACK)):
            assert not same_for_the_hand(FEEDBACK[i], FEEDBACK[j]), (i, j)


def test_every_state_has_its_pattern_and_name():
    assert (REGISTERED, PHONE_HAS_IT, HANDED_OVER, SEEN, FAILED) == (1, 2, 3, 4, 5)
    assert len(FEEDBACK) == len(FEEDBACK_NAMES) == 7


def test_the_siren_sweeps_through_the_resonance_and_has_a_low_part():
    tones = [hz for hz, _ in SIREN]
    assert min(tones) < 600 and max(tones) >= 3400 and len(set(tones)) > 10
    assert sum([ms for _, ms in SIREN]) < 1500
