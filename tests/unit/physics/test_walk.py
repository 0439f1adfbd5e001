"""A walk away from the button and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.bench.physics.walk import Heard, walk


def test_a_walk_that_stays_in_reach_has_no_silence() -> None:
    heard = [Heard(n / 10, -50 - n // 10) for n in range(300)]
    found = walk(heard, 30.0)
    assert found is not None
    assert (found.heard, found.silences, found.weakest_dbm) == (300, 0, -79)
    assert found.near_dbm == pytest.approx(-52, abs=1)
    assert found.longest_silence_s == pytest.approx(0.1)


def test_being_out_of_reach_is_a_silence_at_the_end_too() -> None:
    heard = [Heard(0.1, -60), Heard(1.0, -90), Heard(21.0, -88)]
    found = walk(heard, 40.0)
    assert found is not None
    assert (found.silences, found.longest_silence_s) == (2, 20.0)


def test_hearing_nothing_is_no_walk() -> None:
    assert walk([], 60.0) is None


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(-110, -20)), min_size=1))
def test_the_weakest_is_never_stronger_than_what_is_near(
    some: list[tuple[float, int]],
) -> None:
    heard = [Heard(t_s, rssi) for t_s, rssi in sorted(some)]
    found = walk(heard, 100.0)
    assert found is not None
    assert found.weakest_dbm <= found.near_dbm
    assert 0 <= found.longest_silence_s <= 100
