"""A moment on another board's clock is never further off than is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from button.core.ticks import PERIOD
from vigie.bench.device_clock import DRIFT, DeviceClock

DELAYS = st.floats(0.0002, 0.02)


@given(
    st.integers(0, PERIOD - 1),
    st.floats(-DRIFT / 2, DRIFT / 2),
    st.lists(st.tuples(st.floats(0.001, 300), DELAYS, DELAYS), min_size=1, max_size=30),
)
def test_the_time_of_a_moment_is_within_the_error_that_is_told(
    origin: int, drift: float, messages: list[tuple[float, float, float]]
) -> None:
    def ticks(t_s: float) -> int:
        return (origin + round(t_s * 1e6 * (1 + drift))) % PERIOD

    clock = DeviceClock(ticks(0.0), -1.0, 0.001)
    t_s = 0.0
    for pause_s, there_s, back_s in messages:
        t_s += pause_s
        clock.seen(ticks(t_s), t_s + back_s, t_s - there_s)
        assert abs(clock.at(ticks(t_s)) - t_s) <= clock.error_s + 1e-4
        assert clock.error_s <= (there_s + back_s) / 2 + 1e-4


def test_quick_answers_make_slow_ones_better() -> None:
    clock = DeviceClock(0, -5.0, 0.0)
    clock.seen(1_000_000, 1.001, 0.999)
    clock.seen(2_000_000, 2.4)
    assert clock.error_s < 0.0015
    assert abs(clock.at(1_500_000) - 1.5) < 0.0015


def test_a_clock_that_was_set_anew_is_followed() -> None:
    clock = DeviceClock(0, -0.001, 0.001)
    clock.seen(1_000_000, 11.001, 10.999)
    assert abs(clock.at(1_000_000) - 11.0) < 0.01


def test_a_clock_that_slips_without_an_answer_is_followed_to_what_a_message_takes() -> None:
    clock = DeviceClock(0, -0.001, 0.001)
    clock.seen(1_000_000, 0.960)  # told, not asked: it went ahead by 40 ms or more
    assert clock.at(1_000_000) == pytest.approx(0.958, abs=0.003)
    assert clock.error_s == pytest.approx(0.002, abs=0.001)
