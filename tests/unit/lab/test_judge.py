"""The detector and the judge, who share no line, agree on every history."""

import random

from hypothesis import given
from hypothesis import strategies as st

from button.core.clicks import Timing
from vigie.lab.detect import detect
from vigie.lab.hands import Closing
from vigie.lab.judge import Verdict, verdicts
from vigie.lab.models import switches as switch_models
from vigie.lab.proof.presses import MARGINS_MS, history
from vigie.lab.switches import edges

lengths = st.one_of(st.integers(15, 120), st.integers(1900, 2100), st.integers(15, 60_000))
pauses = st.one_of(st.integers(1, 60), st.integers(480, 520), st.integers(1, 4000))
histories = st.lists(st.tuples(pauses, lengths), max_size=30)


@given(histories, st.integers(10, 140), st.integers(150, 490), st.integers(500, 3000))
def test_on_clean_presses(
    presses: list[tuple[int, int]], release_ms: int, gap_ms: int, long_ms: int
) -> None:
    timing = Timing(release_ms=release_ms, gap_ms=gap_ms, long_ms=long_ms)
    t_ms, closings = 0.0, list[Closing]()
    for pause, length in presses:
        closings.append((t_ms + pause, t_ms + pause + length))
        t_ms += pause + length
    clean = switch_models()["clean"]
    decided = [g.kind for g in detect(edges(random.Random(0), clean, closings), timing)]
    assert decided == [v.kind for v in verdicts(closings, timing)]


@given(st.integers(0, 1 << 32), st.sampled_from(list(MARGINS_MS)))
def test_on_bouncing_presses(seed: int, name: str) -> None:
    rng, timing = random.Random(seed), Timing()
    closings = history(rng, 40, MARGINS_MS[name], timing)
    decided = [g.kind for g in detect(edges(rng, switch_models()[name], closings), timing)]
    assert decided == [v.kind for v in verdicts(closings, timing)]


def test_every_press_is_in_a_verdict() -> None:
    closings: list[Closing] = [(0, 90), (200, 290), (400, 490), (600, 690), (900, 3000)]
    assert verdicts(closings, Timing()) == [Verdict("triple", 4), Verdict("long", 1)]
