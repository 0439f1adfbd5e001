"""The report and the picture show an alert with all that belongs to it, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from vigie.bench.signal import felt
from vigie.demo import report, timeline
from vigie.demo.script import Act
from vigie.demo.views import CLOSE_MOST_S, close_views, whole

from .conftest import Tell


def test_a_message_that_was_answered_keeps_the_time_when_it_was_handed_over(
    tell: Tell, double: Act
) -> None:
    story = tell(double).story
    seen = [m for m in report.messages(story) if m["status"] == "seen"]
    assert len({m["name"] for m in seen}) == 1
    assert {m["channel"] for m in seen} == {"sms", "call", "mail"}
    sms_ms, call_ms, mail_ms = (
        next(m["at_ms"] for m in seen if m["channel"] == c) for c in ("sms", "call", "mail")
    )
    assert sms_ms < call_ms <= mail_ms + 5000
    assert {m["seen_at_ms"] for m in seen} == {max(m["seen_at_ms"] for m in seen)}
    assert all(m["at_ms"] < m["seen_at_ms"] for m in seen)
    others = [m for m in report.messages(story) if m["status"] == "sent"]
    assert all(m["seen_at_ms"] is None for m in others)


def test_a_close_view_holds_its_messages_and_what_is_felt_of_them(
    tell: Tell, click: Act, double: Act
) -> None:
    story = tell(click, double, click).story
    views = close_views(story)
    assert [view.title for view in views] == [
        "single, alert 1",
        "double, alert 2",
        "single, alert 3",
    ]
    patterns = [(p.t_s - story.began_s, p.name) for p in felt(story.rig.indicator.pulses)]
    for view in views:
        inside = [name for t_s, name in patterns if view.from_s <= t_s <= view.until_s - 0.6]
        assert inside[:3] == ["registered", "phone has it", "handed over"]
        for message in report.messages(story):
            if message["event_id"] == view.event_id and not message["fingerprint"]:
                assert view.from_s <= message["at_ms"] / 1000 <= view.until_s


def test_a_message_that_takes_for_ever_does_not_stretch_the_picture(
    tell: Tell, click: Act
) -> None:
    story = tell(click).story
    app = story.phone.app
    assert app is not None
    (alert,) = app.outbox.alerts()
    message = app.outbox.messages(alert.event_id)[0]
    app.outbox.save(replace(message, sent_at_ms=(message.sent_at_ms or 0) + 3_600_000))
    (view,) = close_views(story)
    assert view.until_s - view.from_s <= CLOSE_MOST_S * 1.2
    assert view.title.endswith("(the first 30 s)")


@pytest.mark.parametrize("clicks", [0, 1, 14])
def test_there_is_a_picture_of_any_number_of_alerts(
    tell: Tell, click: Act, tmp_path: Path, clicks: int
) -> None:
    story = tell(*[click] * clicks).story
    timeline.draw(story, tmp_path / "p.png")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    assert len(close_views(story)) == clicks
    assert whole(story).until_s > 0
