"""What the interrupt's samples stand for."""

from button.core.clicks import Clicks, Timing
from button.core.gestures import LONG, NAMES, SINGLE
from button.core.samples import GUESS_EVERY_US, Samples

APART_US = 45000


def samples(level=False):
    return Samples(level, APART_US)


def gestures(s, seen, until_us=20000000):
    """Names of what the detector makes of these samples."""
    clicks, events = Clicks(Timing()), []
    for t_us, level in seen:
        for edge in s.sample(t_us, level):
            events += clicks.edge(*edge)
    events += clicks.advance(until_us)
    return [NAMES[kind] for kind, _ in events if SINGLE <= kind <= LONG]


def test_a_sample_with_a_new_level_is_an_edge():
    s = samples()
    assert s.sample(10, True) == [(10, True)]
    assert s.sample(20, False) == [(20, False)]


def test_a_repeated_level_is_a_pulse_that_nobody_saw():
    s = samples()
    assert s.sample(10, False) == [(10, True), (10, False)]
    assert s.guessed
    s.sample(20, True)
    assert s.sample(30, True) == [(30, False), (30, True)]
    assert not s.guessed


def test_a_press_hidden_by_a_blind_moment_is_as_long_as_it_can_have_been():
    s = samples()
    s.blind(100000, 180000)
    assert s.sample(180100, False) == [(100000, True), (180100, False)]


def test_a_press_that_began_in_a_blind_moment_is_as_long_as_it_can_have_been():
    s = samples()
    s.blind(1000000, 1100000)
    assert gestures(s, [(1100020, True), (1102000, False)]) == ["single"]
    s = samples()
    s.blind(1000000, 1100000)
    assert gestures(s, [(1100020, True), (3020000, False)]) == ["long"]


def test_a_hidden_press_does_not_merge_with_the_one_before_it():
    s = samples()
    s.blind(1000000, 1200000)
    seen = [(900000, True), (990000, False), (1200020, False)]
    assert gestures(s, seen) == ["double"]


def test_blind_moments_in_a_row_are_one():
    s = samples()
    s.blind(1000000, 1100000)
    s.blind(1100100, 1150000)
    assert gestures(s, [(1150020, False)]) == ["single"]


def test_the_handler_may_run_just_before_the_end_of_the_blind_moment_is_noted():
    s = samples()
    s.blind(100000, 180000)
    assert s.sample(179990, False) == [(100000, True), (179990, False)]


def test_an_opening_hidden_by_a_blind_moment_is_as_short_as_it_can_have_been():
    s = samples(True)
    s.blind(100000, 180000)
    assert s.sample(180100, True) == [(180100, False), (180100, True)]


def test_a_blind_moment_long_ago_explains_nothing():
    s = samples()
    s.blind(100000, 180000)
    assert s.sample(300000, False) == [(300000, True), (300000, False)]


def test_a_press_that_nobody_saw_is_believed_once_in_a_while():
    s = samples()
    assert s.sample(10, False)
    assert not s.sample(20, False)
    assert not s.sample(GUESS_EVERY_US, False)
    assert s.sample(10 + GUESS_EVERY_US, False)


def test_after_a_press_that_was_seen_the_next_is_believed_at_once():
    s = samples()
    s.sample(10, False)
    s.sample(1000000, True)
    s.sample(1090000, False)
    assert s.sample(1500000, False)


def test_the_level_in_the_end_repairs_lost_samples():
    s = samples()
    assert s.settle(10, False) == []
    assert s.settle(20, True) == [(20, True)]
    assert s.level is True
