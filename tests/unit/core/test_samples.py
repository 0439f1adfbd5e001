"""What the interrupt's samples stand for."""

from button.core.samples import Samples


def test_a_sample_with_a_new_level_is_an_edge():
    s = Samples(False)
    assert s.sample(10, True) == [(10, True)]
    assert s.sample(20, False) == [(20, False)]


def test_a_repeated_level_is_a_pulse_that_nobody_saw():
    s = Samples(False)
    assert s.sample(10, False) == [(10, True), (10, False)]
    s.sample(20, True)
    assert s.sample(30, True) == [(30, False), (30, True)]


def test_a_press_hidden_by_a_blind_moment_is_as_long_as_it_can_have_been():
    s = Samples(False)
    s.blind(100000, 180000)
    assert s.sample(180100, False) == [(100000, True), (180100, False)]
    # The second hidden pulse of the same moment can only be short.
    assert s.sample(180110, False) == [(180100, True), (180110, False)]


def test_the_handler_may_run_just_before_the_end_of_the_blind_moment_is_noted():
    s = Samples(False)
    s.blind(100000, 180000)
    assert s.sample(179990, False) == [(100000, True), (179990, False)]


def test_an_opening_hidden_by_a_blind_moment_is_as_short_as_it_can_have_been():
    s = Samples(True)
    s.blind(100000, 180000)
    assert s.sample(180100, True) == [(180100, False), (180100, True)]


def test_a_blind_moment_long_ago_explains_nothing():
    s = Samples(False)
    s.blind(100000, 180000)
    assert s.sample(300000, False) == [(300000, True), (300000, False)]


def test_the_level_in_the_end_repairs_lost_samples():
    s = Samples(False)
    assert s.settle(10, False) == []
    assert s.settle(20, True) == [(20, True)]
    assert s.level is True
