"""Which stretches of the story are worth a picture."""

from dataclasses import dataclass
from typing import Any

from vigie.bench.signal import felt
from vigie.demo.report import alerts, gestures, messages
from vigie.demo.story import Story

CLOSE_MOST_S = 30.0
"""A close view is no longer than this, however long messages take."""
_BEFORE = 0.15
"""Part of a close view before the first edge: a word stands there."""
_AFTER_S = 1.2
"""Room for the last pattern."""
_FELT_WITHIN_MS = 1000.0


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of time to draw.

    Args:
        title: above it.
        from_s: since the story began.
        until_s: since the story began.
        event_id: of the alert that it is about; None for the whole story.
    """

    title: str
    from_s: float
    until_s: float
    event_id: str | None = None


def whole(story: Story) -> View:
    """All of it, without the quiet at the end."""
    end_s = story.world.loop.time() - story.began_s
    times_ms = [gesture["t_ms"] for gesture in gestures(story)]
    for message in messages(story):
        times_ms += [message["at_ms"], message["seen_at_ms"] or 0.0]
    return View("the whole story", 0.0, min(end_s, max(times_ms, default=0.0) / 1000 + 12))


def close_views(story: Story) -> list[View]:
    """A view of each alert: from its first edge until its last message is out and felt."""
    made = alerts(story)
    sent = messages(story)
    felt_ms = [(p.t_s - story.began_s) * 1000 for p in felt(story.rig.indicator.pulses)]
    views: list[View] = []
    for alert, following in zip(made, [*made[1:], None], strict=False):
        until_ms = max(
            [alert["gesture_ms"], alert["acked_ms"] or 0.0]
            + [m["at_ms"] for m in sent if _is_about(m, alert)]
        )
        # What is felt just after that is still about this alert, unless another has come.
        next_ms = following["gesture_ms"] if following else float("inf")
        last_ms = min(until_ms + _FELT_WITHIN_MS, next_ms)
        until_ms = max([until_ms] + [t_ms for t_ms in felt_ms if t_ms < last_ms])
        views.append(_view(alert, until_ms / 1000 + _AFTER_S))
    return views


def _is_about(message: dict[str, Any], alert: dict[str, Any]) -> bool:
    """A recording's fingerprint, which comes when the recording has ended, is another story."""
    return message["event_id"] == alert["event_id"] and not message["fingerprint"]


def _view(alert: dict[str, Any], until_s: float) -> View:
    first_s = (alert["first_edge_ms"] or alert["gesture_ms"]) / 1000
    title = f"{alert['gesture']}, alert {alert['event_id'].rpartition('-')[2]}"
    if until_s > first_s + CLOSE_MOST_S:
        until_s = first_s + CLOSE_MOST_S
        title += f" (the first {CLOSE_MOST_S:.0f} s)"
    from_s = first_s - _BEFORE * (until_s - first_s)
    return View(title, from_s, until_s, alert["event_id"])
