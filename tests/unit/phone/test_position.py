"""What a phone knows of its place, idle and awake."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.phone.position import NoPosition, Position, PositionSource, TrackPosition
from vigie.phone.track import Fix, Track

WALK = Track(tuple(Fix(float(t), t / 1e4, 0.0, 5.0) for t in range(1000)), False)
START_S = 100.0


def walking() -> TrackPosition:
    return TrackPosition(WALK, START_S)


def age_s(source: PositionSource, now_s: float) -> float:
    position = source.latest(now_s)
    assert position is not None
    return position.age_s


def test_nothing_is_known_before_the_first_fix() -> None:
    assert walking().latest(START_S - 0.001) is None
    assert walking().latest(START_S) == Position(0.0, 0.0, 5.0, 0.0)


def test_idle_there_is_a_fix_once_a_minute() -> None:
    source = walking()
    assert age_s(source, START_S + 59.9) == pytest.approx(59.9)
    assert source.latest(START_S + 60) == Position(60 / 1e4, 0.0, 5.0, 0.0)
    assert source.latest(START_S + 130) == Position(120 / 1e4, 0.0, 5.0, 10.0)


def test_warmed_up_there_is_a_fix_after_a_second_and_then_each_second() -> None:
    source = walking()
    source.warm_up(150.25)
    assert age_s(source, 151.2) == pytest.approx(51.2)
    assert source.latest(151.25) == Position(51 / 1e4, 0.0, 5.0, 0.0)
    assert age_s(source, 152.2) == pytest.approx(0.95)
    assert age_s(source, 153.25) == 0
    assert age_s(source, 450.25) == pytest.approx(0, abs=1)
    assert age_s(source, 459) == pytest.approx(459 - 450.25)
    assert age_s(source, 460) == 0  # the next idle one


def test_a_second_press_keeps_the_receiver_awake_without_a_gap() -> None:
    source = walking()
    source.warm_up(150)
    source.warm_up(300)
    assert age_s(source, 300.5) == pytest.approx(0.5)
    assert age_s(source, 599.5) == pytest.approx(0.5)
    assert age_s(source, 615) == pytest.approx(15)


def test_after_a_pause_the_receiver_needs_its_second_again() -> None:
    source = walking()
    source.warm_up(150)
    source.warm_up(455)
    assert age_s(source, 455.9) == pytest.approx(5.9)  # the last fix of the first time awake
    assert age_s(source, 456) == 0


def test_after_the_track_the_last_point_stays_and_ages() -> None:
    source = walking()
    source.warm_up(1099)
    assert source.latest(1099 + 3600) == Position(999 / 1e4, 0.0, 5.0, 3600.0)


def test_a_phone_without_position() -> None:
    source: PositionSource = NoPosition()
    source.warm_up(1)
    assert source.latest(2) is None


@settings(deadline=None)
@given(
    st.floats(-1e6, 1e6),
    st.lists(st.floats(0, 2000), max_size=5).map(sorted),
    st.floats(0, 3000),
)
def test_a_position_is_never_from_the_future_and_never_invented(
    start_s: float, warm_ups: list[float], later_s: float
) -> None:
    source = TrackPosition(WALK, start_s)
    for warm_up_s in warm_ups:
        source.warm_up(start_s + warm_up_s)
    now_s = start_s + later_s
    position = source.latest(now_s)
    assert position is not None
    assert position.age_s >= 0
    fixed_s = now_s - position.age_s - start_s
    (fix,) = [fix for fix in WALK.fixes if fix.lat == position.lat]
    assert fix.t_s <= fixed_s + 1e-6
    assert fixed_s < fix.t_s + 1 + 1e-6 or fix is WALK.fixes[-1]
    if later_s < WALK.duration_s:
        assert position.age_s < 60 + 1e-6
