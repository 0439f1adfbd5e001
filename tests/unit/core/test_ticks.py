"""Clocks that do not wrap."""

from button.core.ticks import PERIOD, LongClock, elapsed


def test_elapsed_is_right_across_the_wrap():
    assert elapsed(5, PERIOD - 5) == 10
    assert elapsed(PERIOD - 5, 5) == -10


def test_the_clock_counts_on_over_many_wraps():
    step = PERIOD // 3
    clock = LongClock(PERIOD - 7)
    for i in range(1, 20):
        assert clock.now((PERIOD - 7 + i * step) % PERIOD) == i * step


def test_a_moment_just_past_is_before_now():
    clock = LongClock(0)
    clock.now(1000)
    assert clock.at(400) == 400
    assert clock.at(1002) == 1002


def test_the_clock_never_goes_back():
    clock = LongClock(100)
    assert clock.now(300) == 200
    assert clock.now(250) == 200
    assert clock.now(301) == 201
