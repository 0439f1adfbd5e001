"""Edges of a test become recordings that every verb for traces reads."""

from hypothesis import given
from hypothesis import strategies as st

from vigie.keeping.presses import recordings
from vigie.lab import traces
from vigie.lab.traces import END_MOST_US, Trace


def kept(*edges: tuple[float, int]) -> list[Trace]:
    return list(recordings(edges, "t"))


def test_presses_of_a_test_are_one_recording_with_the_time_of_its_beginning() -> None:
    assert kept((2.5, 1), (2.59, 0), (2.8, 1), (2.9, 0)) == [
        Trace("t at 2.500 s", None, ((0, 1), (90_000, 0), (300_000, 1), (400_000, 0)))
    ]


def test_nothing_pressed_is_no_recording() -> None:
    assert kept() == []
    assert kept((1.0, 0), (2.0, 0)) == []


def test_a_level_that_is_there_already_is_no_edge() -> None:
    (one,) = kept((0.0, 0), (1.0, 1), (1.1, 1), (1.2, 0), (1.3, 0))
    assert one.edges == ((0, 1), (200_000, 0))


def test_presses_far_apart_are_recordings_of_their_own_and_a_long_hold_is_not() -> None:
    held, later = kept((0.0, 1), (300.0, 0), (400.0, 1), (400.1, 0))
    assert held.edges == ((0, 1), (300_000_000, 0))
    assert later.id == "t at 400.000 s"


def test_a_key_held_for_longer_than_a_recording_can_be_stays_pressed_in_it() -> None:
    held, later = kept((0.0, 1), (4000.0, 0), (4001.0, 1))
    assert held.edges == ((0, 1),)
    assert later.id == "t at 4001.000 s"


def test_times_that_a_clock_has_put_out_of_order_do_not_go_backwards() -> None:
    (one,) = kept((1.0, 1), (1.1, 0), (1.0999, 1), (1.2, 0))
    assert [t_us for t_us, _ in one.edges] == [0, 100_000, 100_000, 200_000]


@given(st.lists(st.tuples(st.floats(-0.01, 5000), st.integers(0, 1)), max_size=40))
def test_whatever_was_pressed_can_be_read_again(steps: list[tuple[float, int]]) -> None:
    t_s, edges = 0.0, list[tuple[float, int]]()
    for gap_s, level in steps:
        t_s = max(0.0, t_s + gap_s)
        edges.append((t_s, level))
    for number, trace in enumerate(recordings(edges, "t")):
        assert traces.parse(trace.as_json(), "here", number) == trace
        assert trace.end_us <= END_MOST_US
