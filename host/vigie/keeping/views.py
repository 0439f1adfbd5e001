"""Which stretches of a test are worth a picture. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.keeping.happened import Happened

CLOSE_MOST_S = 20.0
"""A close view is no longer than this: words have to find room in it."""
_RUN_S = 5.0
"""What is closer together than this is seen together."""
_AFTER_S = 1.0
_MUCH = 0.6
"""A close view of more than this part of the whole shows nothing that the whole could not."""


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of time to draw; `close` with the words of what was said in it."""

    title: str
    from_s: float
    until_s: float
    close: bool


def views(story: Happened) -> list[View]:
    """The whole test, its last presses from close by, and what happened last if that was later.

    One view alone if it shows everything.
    """
    begin_s, end_s = story.began_s, story.failed_s
    moments = sorted(t for t in story.moments_s() if begin_s <= t <= end_s)
    edges = [t_s for t_s, _ in story.edges or () if t_s >= begin_s]
    spans = _close(edges, moments, end_s)
    shown_s = max((until_s - from_s for _, from_s, until_s in spans), default=0.0)
    if not spans or end_s - begin_s <= min(CLOSE_MOST_S, shown_s / _MUCH):
        return [_view("the test", begin_s, end_s, close=True)]
    close = [_view(title, from_s, until_s, close=True) for title, from_s, until_s in spans]
    return [_view("the whole test", begin_s, end_s, close=False), *close]


def _close(
    edges: Sequence[float], moments: Sequence[float], end_s: float
) -> list[tuple[str, float, float]]:
    spans: list[tuple[str, float, float]] = []
    if edges:
        spans.append(("the last presses", *_span(edges, moments, end_s)))
    shown_until_s = spans[-1][2] if spans else float("-inf")
    later = [t_s for t_s in moments if t_s > shown_until_s]
    if len(later) > 1 or (later and not spans):  # one is the button saying that it lives
        spans.append(("what happened last", *_span(later, later, end_s)))
    return spans


def _span(anchors: Sequence[float], moments: Sequence[float], end_s: float) -> tuple[float, float]:
    """From the beginning of the last run of the anchors until what came of it."""
    from_s = anchors[-1]
    for t_s in reversed(anchors):
        if from_s - t_s > _RUN_S or anchors[-1] - t_s > CLOSE_MOST_S / 2:
            break
        from_s = t_s
    last_s = max(t_s for t_s in moments if t_s <= from_s + CLOSE_MOST_S)
    return from_s, min(from_s + CLOSE_MOST_S, last_s + _AFTER_S, end_s)


def _view(title: str, from_s: float, until_s: float, *, close: bool) -> View:
    margin_s = 0.04 * max(until_s - from_s, 0.1)
    return View(title, from_s - margin_s, until_s + margin_s, close)
