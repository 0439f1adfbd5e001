"""Hands and switches: what they make is always a proper trace of what they meant."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.lab import corpus, hands, models, switches, traces
from vigie.lab.hands import Closing
from vigie.lab.models import Hand, Switch
from vigie.lab.traces import Trace

seeds = st.integers(0, 1 << 32)
some_hand = st.sampled_from(list(models.hands().values()))
some_switch = st.sampled_from(list(models.switches().values()))
some_label = st.sampled_from(hands.LABELS)


@given(seeds, some_hand, some_switch, some_label)
def test_every_hand_on_every_switch_makes_proper_traces(
    seed: int, hand: Hand, switch: Switch, label: str
) -> None:
    rng = random.Random(seed)
    edges = switches.edges(rng, switch, hands.closings(rng, hand, label))
    trace = Trace("t", label, tuple(edges))
    assert traces.parse(trace.as_json(), "here", 1) == trace
    assert edges[0] == (0, 1)
    assert edges[-1][1] == 0


@given(seeds, some_hand, some_label)
def test_closings_come_one_after_the_other(seed: int, hand: Hand, label: str) -> None:
    times = [t for closing in hands.closings(random.Random(seed), hand, label) for t in closing]
    assert times == sorted(set(times))


@given(seeds, some_switch, st.lists(st.floats(1, 500), min_size=2, max_size=12))
def test_a_switch_ends_every_bounce_before_the_next_edge_begins(
    seed: int, switch: Switch, steps: list[float]
) -> None:
    t_ms, closings = 0.0, list[Closing]()
    for closed, opened in zip(steps[::2], steps[1::2], strict=False):
        closings.append((t_ms, t_ms + closed))
        t_ms += closed + opened
    edges = switches.edges(random.Random(seed), switch, closings)
    times = [t for t, _ in edges]
    assert times == sorted(times)
    assert [level for _, level in edges] == [1 - i % 2 for i in range(len(edges))]
    begins = {round(t * 1000) for closing in closings for t in closing}
    assert begins <= set(times)


def test_a_clean_switch_adds_nothing() -> None:
    clean = models.switches()["clean"]
    assert switches.edges(random.Random(1), clean, [(0, 90), (200, 290)]) == [
        (0, 1),
        (90_000, 0),
        (200_000, 1),
        (290_000, 0),
    ]


@given(seeds)
def test_bounce_is_as_long_as_the_switch_says(seed: int) -> None:
    worn = models.switches()["worn_25"]
    edges = switches.edges(random.Random(seed), worn, [(0, 1000)])
    fluttering = [t for t, _ in edges if t < 500_000], [t for t, _ in edges if t >= 1_000_000]
    assert fluttering[0][-1] <= 25_000
    assert fluttering[1][-1] <= 1_025_000


@given(seeds)
def test_panic_is_four_presses_or_more(seed: int) -> None:
    assert len(hands.panic(random.Random(seed))) >= 4


def test_some_of_a_tremors_clicks_strike_twice_and_some_of_its_holds_chatter() -> None:
    rng, tremor = random.Random(1), models.hands()["tremor"]
    clicks = [len(hands.closings(rng, tremor, "single")) for _ in range(2000)]
    assert clicks.count(2) / 2000 == pytest.approx(tremor.strike_share, abs=0.03)
    holds = [len(hands.closings(rng, tremor, "long")) for _ in range(2000)]
    assert 1 - holds.count(1) / 2000 == pytest.approx(tremor.chatter_share, abs=0.03)


def test_same_seed_same_recordings() -> None:
    pair = models.hands()["tremor"], models.switches()["worn_25"]
    assert list(corpus.make(*pair, each=5, seed=1)) == list(corpus.make(*pair, each=5, seed=1))
    assert list(corpus.make(*pair, each=5, seed=1)) != list(corpus.make(*pair, each=5, seed=2))
