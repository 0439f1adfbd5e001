"""Statistics of a bouncing contact."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.bench.physics.bounces import Bounces, flaws, statistics
from vigie.boards import spec
from vigie.lab import hands, models, switches
from vigie.lab.traces import Trace

TIMING = spec.load("virtual").timing


def of(*edges: tuple[int, int]) -> Bounces:
    return statistics([Trace("t", None, edges)], TIMING)


def test_a_clean_press_does_not_bounce() -> None:
    assert of((0, 1), (90_000, 0)) == Bounces(1, 2, 0, 0, 0, 1)


def test_bounce_of_closing_and_opening_is_measured() -> None:
    found = of((0, 1), (300, 0), (900, 1), (90_000, 0), (90_400, 1), (92_000, 0))
    assert found == Bounces(1, 6, 600, 2_000, 0, 3)
    assert not flaws(found, TIMING)


def test_two_presses_are_two() -> None:
    assert of((0, 1), (90_000, 0), (200_000, 1), (290_000, 0)).presses == 2


def test_a_closing_too_short_for_a_press_is_a_glitch() -> None:
    found = of((0, 1), (2_500, 0), (500_000, 1), (590_000, 0))
    assert (found.presses, found.longest_glitch_us) == (1, 2_500)


def test_no_press_at_all_is_a_flaw() -> None:
    assert flaws(statistics([], TIMING), TIMING) == ["no press was recorded"]


def test_a_bounce_as_long_as_a_release_is_a_flaw() -> None:
    found = replace(of((0, 1), (90_000, 0)), longest_opening_us=TIMING.release_ms * 1000)
    (flaw,) = flaws(found, TIMING)
    assert "release_ms is too short" in flaw


@given(st.lists(st.integers(50, 3_000), max_size=12), st.integers(60_000, 400_000))
def test_bounce_of_any_shape_adds_up(gaps_us: list[int], hold_us: int) -> None:
    gaps_us = gaps_us[: len(gaps_us) // 2 * 2]  # it ends closed
    edges, t_us = [(0, 1)], 0
    for n, gap_us in enumerate(gaps_us):
        t_us += gap_us
        edges.append((t_us, n % 2))
    found = of(*edges, (t_us + hold_us, 0))
    assert found.presses == 1
    assert found.longest_bounce_us == sum(gaps_us)
    assert found.longest_opening_us == max(gaps_us[1::2], default=0)
    assert found.most_edges == len(gaps_us) + 1


@pytest.mark.parametrize("switch", sorted(models.switches()))
def test_model_switches_that_are_not_worn_keep_the_boards_timing(switch: str) -> None:
    rng = random.Random(f"bounces of {switch}")
    model, hand = models.switches()[switch], models.hands()["young"]
    traces = [
        Trace(
            str(n),
            "single",
            tuple(switches.edges(rng, model, hands.closings(rng, hand, "single"))),
        )
        for n in range(20)
    ]
    found = statistics(traces, TIMING)
    assert found.presses >= 20
    assert found.longest_opening_us < TIMING.release_ms * 1000
