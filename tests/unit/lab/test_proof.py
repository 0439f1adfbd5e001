"""The claims, on few cases; `vigie clicks prove` tries them on all."""

from collections.abc import Iterator

import pytest

from button.core.clicks import Timing
from vigie.lab import proof
from vigie.lab.proof import alarms, classes, holds, page, presses, tremor
from vigie.lab.proof.claim import Claim, Part, parts
from vigie.paths import ROOT

PAGE = ROOT / "docs" / "clicks.md"


def all_hold(claims: Iterator[Claim]) -> None:
    assert [f"{c.name}: {c.found}" for c in claims if not c.holds] == []


def test_every_press_counts_once() -> None:
    all_hold(presses.claims(7, 4000))


def test_holds_that_chatter_are_long() -> None:
    all_hold(holds.claims(7, 2000))


def test_uneven_alarms_panic_and_noise() -> None:
    all_hold(alarms.claims(7, 4000))


def test_classes_and_prices_have_what_the_page_shows() -> None:
    rows = classes.rows(7, 100, ["young"], ["clean"])
    assert [r.label for r in rows] == ["single", "double", "triple", "long"]
    assert all(r.n == 100 and r.wrong == 0 for r in rows)
    prices = {p.hand: p for p in classes.prices(7, 100)}
    assert prices["young"].shortest_ms
    assert prices["older"].shortest_ms
    assert prices["young"].shortest_ms < prices["older"].shortest_ms


def test_a_price_ends_where_a_class_goes_wrong() -> None:
    assert classes.Price("x", {200: 0.0, 300: 0.5, 400: 0.0, 500: 0.001}).shortest_ms == 400
    assert classes.Price("x", {200: 0.0, 300: 0.5}).shortest_ms is None


def test_the_restrike_values_keep_a_tremors_gestures() -> None:
    off, on = [
        point
        for pair in ((0, 0), tremor.CHOSEN)
        for point in tremor._points(Part("7", 200, pair))  # pyright: ignore[reportPrivateUsage]
    ]
    assert off.tremor["single"] < 0.9
    assert min(on.tremor.values()) > 0.97
    assert off.young["double"] > on.young["double"]


def test_a_lost_edge_is_noticed_late_or_not_at_all() -> None:
    class Never:
        def randrange(self, n: int) -> int:
            return 1

        def uniform(self, a: float, b: float) -> float:
            return b

    edges = [(0, 1), (90_000, 0), (200_000, 1), (205_000, 0)]
    seen = alarms.with_a_lost_edge(Never(), edges, Timing())  # type: ignore[arg-type]
    assert seen == [(0, 1), (100_000, 0), (200_000, 1), (205_000, 0)]


def test_parts_do_not_depend_on_each_other() -> None:
    made = list(parts("x", 1, 5000))
    assert [p.cases for p in made] == [2000, 2000, 1000]
    assert len({p.seed for p in made}) == 3


def test_the_page_was_made_from_what_is_there_now() -> None:
    assert page.is_fresh(PAGE), f"make it again: {page.COMMAND}"


@pytest.mark.parametrize("name", ["prices.png", "tremor.png"])
def test_the_page_has_its_pictures(name: str) -> None:
    assert f"clicks/{name}" in PAGE.read_text(encoding="utf-8")
    assert (PAGE.parent / "clicks" / name).is_file()


def test_no_claim_on_the_page_fails() -> None:
    assert "**NO**" not in PAGE.read_text(encoding="utf-8")


def test_each_experiment_is_explained() -> None:
    assert proof.__doc__
