"""Drawing the fate of unwatched events must equal simulating them one by one."""

import math
from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.radio.supervision import Supervision

limits = st.integers(min_value=1, max_value=200)
losses = st.floats(min_value=0, max_value=1)


def lifetime(rng: Random, loss: float, limit: int) -> int:
    """Events until a link is lost, one by one."""
    supervision = Supervision(rng, limit)
    events = 0
    while not supervision.lost:
        supervision.event(loss)
        events += 1
    return events


@pytest.mark.parametrize(("loss", "limit"), [(0.5, 6), (0.8, 12), (0.9, 24), (0.99, 48)])
def test_an_idle_link_lives_as_long_as_a_busy_one(loss: float, limit: int) -> None:
    rng = Random(1)
    busy = mean(lifetime(rng, loss, limit) for _ in range(2000))
    idle = mean(Supervision(rng, limit).events_left(loss) for _ in range(20000))
    assert idle == pytest.approx(busy, rel=0.1)


@pytest.mark.parametrize("gap", [1, 3, 20])
def test_a_link_that_is_watched_now_and_then_lives_as_long(gap: int) -> None:
    loss, limit = 0.8, 12
    rng = Random(2)

    def watched_lifetime() -> float:
        supervision = Supervision(rng, limit)
        events = 0.0
        while True:
            left = supervision.events_left(loss)
            if left <= gap:
                return events + left
            supervision.skip(gap, loss)
            events += gap

    busy = mean(lifetime(rng, loss, limit) for _ in range(2000))
    assert mean(watched_lifetime() for _ in range(2000)) == pytest.approx(busy, rel=0.15)


def test_a_dead_link_is_lost_after_exactly_the_limit() -> None:
    supervision = Supervision(Random(1), 24)
    assert supervision.events_left(1.0) == 24
    supervision.skip(10, 1.0)
    assert supervision.events_left(1.0) == 14
    supervision.skip(14, 1.0)
    assert supervision.lost


def test_a_clean_link_is_never_lost() -> None:
    assert math.isinf(Supervision(Random(1), 24).events_left(0.0))


def test_one_heard_event_forgives_all_before() -> None:
    supervision = Supervision(Random(1), 3)
    assert not supervision.event(1.0)
    assert not supervision.event(1.0)
    assert supervision.event(0.0)
    assert supervision.events_left(1.0) == 3


@given(limits, losses, st.integers(min_value=0, max_value=10**6), st.integers())
def test_skipping_never_loses_a_link_that_may_still_be_heard(
    limit: int, loss: float, events: int, seed: int
) -> None:
    supervision = Supervision(Random(seed), limit)
    supervision.skip(events, min(loss, 0.999))
    assert not supervision.lost


@given(limits, losses, st.integers())
def test_a_link_has_at_least_one_event_left(limit: int, loss: float, seed: int) -> None:
    assert Supervision(Random(seed), limit).events_left(loss) >= 1
