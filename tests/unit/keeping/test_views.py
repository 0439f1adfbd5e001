"""Which stretches of a test are drawn."""

import pytest

from vigie.boards.console_log import Line
from vigie.keeping.happened import Happened, Said
from vigie.keeping.views import CLOSE_MOST_S, views

PRESS = ((10.0, 1), (10.1, 0))


def story(
    failed_s: float, edges: tuple[tuple[float, int], ...] = (), said_s: tuple[float, ...] = ()
) -> Happened:
    said = Said("board", tuple(Line(t_s, "words") for t_s in said_s))
    return Happened(1.0, failed_s, (said,), edges)


def titles(story: Happened) -> list[str]:
    return [view.title for view in views(story)]


def test_a_short_test_is_drawn_once() -> None:
    (view,) = views(story(11.0, ((2.0, 1), (6.0, 0), *PRESS)))
    assert view.close
    assert view.from_s == pytest.approx(1.0, abs=0.5)
    assert view.until_s == pytest.approx(11.0, abs=0.5)


def test_a_test_in_which_nothing_happened_is_drawn_once() -> None:
    assert titles(story(500.0)) == ["the test"]
    assert titles(story(1.0)) == ["the test"]


def test_the_last_presses_are_drawn_from_close_by() -> None:
    whole, close = views(story(300.0, ((2.0, 1), (2.1, 0), *PRESS), (10.6, 200.0)))
    assert (whole.close, close.close) == (False, True)
    assert close.from_s == pytest.approx(10.0, abs=0.2)
    assert close.until_s == pytest.approx(11.6, abs=0.2)


def test_what_happened_long_after_the_presses_is_drawn_too() -> None:
    last = views(story(300.0, PRESS, (10.6, 250.0, 251.0)))[-1]
    assert last.title == "what happened last"
    assert last.from_s == pytest.approx(250.0, abs=0.2)


def test_without_presses_it_is_what_happened_last() -> None:
    assert titles(story(300.0, (), (250.0,))) == ["the whole test", "what happened last"]


def test_a_close_view_is_never_long() -> None:
    edges = tuple((float(t_s), t_s % 2) for t_s in range(10, 4000, 3))
    _, close, *_ = views(story(4000.0, edges, tuple(t_s for t_s, _ in edges)))
    assert close.until_s - close.from_s <= CLOSE_MOST_S * 1.1


def test_what_the_fixtures_did_before_is_not_drawn() -> None:
    assert titles(story(300.0, ((0.2, 1), (0.4, 0)), (0.5,))) == ["the test"]
