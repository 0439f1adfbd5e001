"""Which event of one run is which of another, and how alike the runs are."""

from dataclasses import replace

import pytest

from vigie.bench.parity.happened import LIMIT_MS, Happened
from vigie.bench.parity.pairing import pair
from vigie.bench.parity.score import Verdict, judge, quantile

RUN = [
    Happened("key edge", 1, "single", "closed", 0.0),
    Happened("key edge", 1, "single", "open", 90.0),
    Happened("console", 1, "single", "gesture single", 0.1),
    Happened("console", 1, "single", "alert single", 1.1),
    Happened("siren", 1, "long", "on", 2000.0),
    Happened("phone", 1, "single", "DOWN", 12.0),
]


def moved(ms: float, *kinds: str) -> list[Happened]:
    """The run, with events of these kinds, or of all, so much later."""
    return [replace(e, t_ms=e.t_ms + ms) if e.kind in kinds or not kinds else e for e in RUN]


def verdict(seen: list[Happened], *references: list[Happened], rounds: int = 1) -> Verdict:
    return judge(pair(references or [RUN], seen, rounds))


def test_a_run_is_like_itself() -> None:
    same = verdict(RUN)
    assert same.score == 1.0
    assert not same.flaws
    assert all(row.same and row.most_ms == 0 for row in same.rows)
    assert sum(row.count for row in same.rows) == len(RUN)


def test_differences_are_told_by_kind_with_their_sign() -> None:
    rows = {row.kind.name: row for row in verdict(moved(-4.0, "console")).rows}
    assert (rows["console"].p50_ms, rows["console"].bias_ms) == pytest.approx((4.0, -4.0))
    assert rows["siren"].most_ms == 0


def test_what_is_later_than_the_limit_is_a_flaw_that_names_the_event() -> None:
    late = verdict(moved(LIMIT_MS + 0.5, "siren"))
    assert late.score == pytest.approx(4 / 5)
    (flaw,) = late.flaws
    assert "siren: max is 10.5 ms" in flaw
    assert "'on' of 'long' in round 1, +10.5 ms" in flaw


def test_an_event_that_is_missing_is_a_flaw_and_moves_no_other() -> None:
    lost = verdict([e for e in RUN if e.label != "gesture single"])
    assert lost.flaws == ("console: 'gesture single' of 'single' in round 1 is missing",)
    assert lost.score == pytest.approx(4 / 5)
    assert all(row.most_ms == 0 for row in lost.rows)


def test_an_event_too_many_is_a_flaw() -> None:
    again = verdict([*RUN, Happened("siren", 1, "long", "off", 2500.0)])
    assert again.flaws == ("siren: 'off' of 'long' in round 1 is too much",)
    assert again.score == pytest.approx(5 / 6)


def test_another_order_is_a_flaw() -> None:
    swapped = [*RUN[:2], RUN[3], RUN[2], *RUN[4:]]
    assert any("is missing" in flaw for flaw in verdict(swapped).flaws)


def test_every_round_is_compared_and_key_edges_once() -> None:
    second = [replace(e, turn=2, t_ms=e.t_ms + 3) for e in RUN if e.kind != "key edge"]
    both = verdict([*RUN, *second], rounds=2)
    assert not both.flaws
    assert {row.kind.name: row.count for row in both.rows}["siren"] == 2
    assert any("is missing" in flaw for flaw in verdict([*RUN, *second[1:]], rounds=2).flaws)


def test_an_event_of_the_radio_may_be_anywhere_in_the_span_of_the_phases() -> None:
    references = [RUN, moved(18.0, "phone"), moved(29.0, "phone")]
    rows = {row.kind.name: row for row in verdict(moved(25.0, "phone"), *references).rows}
    assert rows["phone"].most_ms == 0
    rows = {row.kind.name: row for row in verdict(moved(31.5, "phone"), *references).rows}
    assert rows["phone"].bias_ms == pytest.approx(2.5)


def test_the_radio_has_no_limit_but_its_events_must_be_there() -> None:
    assert not verdict(moved(60.0, "phone")).flaws
    assert verdict([e for e in RUN if e.kind != "phone"]).flaws


def test_the_radio_is_not_in_the_score() -> None:
    deaf = [e for e in RUN if e.kind != "phone"]
    assert verdict(deaf).score == verdict(moved(60.0, "phone")).score == 1.0
    half = verdict([*moved(60.0, "siren"), *RUN[5:] * 50], [*RUN, *RUN[5:] * 50])
    assert half.score == pytest.approx(4 / 5)


def test_a_round_in_which_nothing_happened_is_missing() -> None:
    dead = verdict(RUN, rounds=2)
    assert dead.flaws == tuple(
        f"{e.kind}: '{e.label}' of '{e.gesture}' in round 2 is missing" for e in RUN[2:]
    )
    assert dead.score == pytest.approx(5 / 8)


def sirens(count: int, late: int) -> Verdict:
    """So many events, some of them too late."""
    reference = [Happened("siren", 1, "long", "on", 0.0)] * count
    return verdict([*reference[late:], *[replace(reference[0], t_ms=50.0)] * late], reference)


def test_of_fewer_than_a_hundred_events_the_greatest_is_judged_and_called_so() -> None:
    (row,) = sirens(99, 1).rows
    assert (row.judged_by, row.judged_ms, row.p99_ms) == ("max", 50.0, None)
    assert "siren: max is 50.0 ms" in sirens(99, 1).flaws[0]


def test_from_a_hundred_events_on_p99_is_judged() -> None:
    (row,) = sirens(100, 1).rows
    assert (row.judged_by, row.judged_ms, row.most_ms) == ("p99", 0.0, 50.0)
    assert not sirens(100, 1).flaws
    assert "siren: p99 is 50.0 ms" in sirens(100, 2).flaws[0]


def test_the_order_at_another_phase_will_do() -> None:
    swapped = [*RUN[:2], replace(RUN[3], t_ms=0.0), RUN[2], *RUN[4:]]
    assert not verdict(swapped, RUN, swapped).flaws


def test_nothing_at_all_is_no_parity() -> None:
    assert verdict([]).score == 0
    assert judge(pair([[]], [], 1)).flaws == ("no event is in both runs",)


def test_a_quantile_is_a_value_that_was_seen() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (quantile(values, 0.5), quantile(values, 0.99)) == (50.0, 99.0)
    assert quantile([], 0.99) == 0
    assert quantile([7.0], 0.5) == 7.0
