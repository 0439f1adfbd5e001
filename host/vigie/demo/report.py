"""The demo's report: what happened, in milliseconds since the story began."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vigie.demo import recordings
from vigie.demo.story import Story
from vigie.phone.events import Acknowledged, AlertTaken, ButtonState, PressBegan
from vigie.phone.evidence.verify import Verdict
from vigie.phone.records import Message
from vigie.phone.sms import count_segments
from vigie.virtual import micropython

_GESTURE = re.compile(r"gesture (\w+) at")
_ALERT = re.compile(r"alert (\w+) ([0-9a-f]{16}-\d+)")


def report(story: Story, checked: Sequence[Verdict], wall_s: float) -> dict[str, Any]:
    """Everything a program may want to know. Only `wall_s` differs between equal runs.

    Args:
        story: that was told.
        checked: its recordings.
        wall_s: how long the telling took.
    """
    states = story.phone.transcript.of(ButtonState)
    return {
        "seed": story.world.seed,
        "vm": f"MicroPython {micropython.version()}",
        "board": story.board.spec.name,
        "gestures": gestures(story),
        "alerts": alerts(story),
        "messages": messages(story),
        "siren": [
            {"on_ms": _ms(story, p.on_s), "off_ms": _ms(story, p.off_s)}
            for p in story.rig.siren.pulses
        ],
        "recordings": recordings.described(checked),
        "heap_free": {
            "boot": states[0].state.free_heap if states else None,
            "end": states[-1].state.free_heap if states else None,
        },
        "sim_s": round(story.world.loop.time() - story.began_s, 6),
        "wall_s": round(wall_s, 3),
    }


def gestures(story: Story) -> list[dict[str, Any]]:
    """What the button decided, and when."""
    found = [(_GESTURE.search(line.text), line.t_s) for line in story.board.console.lines]
    return [{"kind": m[1], "t_ms": _ms(story, t_s)} for m, t_s in found if m]


def alerts(story: Story) -> list[dict[str, Any]]:
    """Each alert on its way from the first edge to the acknowledgement."""
    transcript = story.phone.transcript
    downs = {repr(e.event_id): e.t_s for e in transcript.of(PressBegan)}
    taken = {repr(e.alert.event_id): e.t_s for e in reversed(transcript.of(AlertTaken))}
    acked = {repr(e.event_id): e.t_s for e in reversed(transcript.of(Acknowledged))}
    made: list[dict[str, Any]] = []
    gesture: tuple[str, float] | None = None
    for line in story.board.console.lines:
        if found := _GESTURE.search(line.text):
            gesture = (found[1], line.t_s)
        elif (found := _ALERT.search(line.text)) and gesture:
            event_id = found[2]
            made.append(
                {
                    "event_id": event_id,
                    "gesture": gesture[0],
                    "first_edge_ms": _ms(story, _first_edge_s(story, gesture[1])),
                    "down_at_phone_ms": _ms(story, downs.get(event_id)),
                    "gesture_ms": _ms(story, gesture[1]),
                    "alert_at_phone_ms": _ms(story, taken.get(event_id)),
                    "acked_ms": _ms(story, acked.get(event_id)),
                }
            )
    return made


def messages(story: Story) -> list[dict[str, Any]]:
    """Every message in the outbox. `at_ms` is when it was handed over, or given up."""
    app = story.phone.app
    if app is None:
        return []
    made: list[dict[str, Any]] = []
    for alert in app.outbox.alerts():
        for message in app.outbox.messages(alert.event_id):
            text = message.text or ""
            made.append(
                {
                    "event_id": repr(alert.event_id),
                    "channel": message.channel,
                    "to": message.address,
                    "name": message.name,
                    "text": text,
                    "segments": _segments(message, text),
                    "lat": alert.place.lat if alert.place else None,
                    "lon": alert.place.lon if alert.place else None,
                    "fingerprint": message.fingerprint or None,
                    "status": message.state,
                    "at_ms": _story_ms(story, message.sent_at_ms or message.at_ms),
                    "seen_at_ms": _story_ms(story, message.seen_at_ms),
                }
            )
    return made


def write(story: Story, checked: Sequence[Verdict], folder: Path, wall_s: float) -> None:
    """Write report.json."""
    text = json.dumps(report(story, checked, wall_s), indent=2, ensure_ascii=False) + "\n"
    (folder / "report.json").write_text(text, encoding="utf-8")


def _segments(message: Message, text: str) -> int | None:
    return count_segments(text).segments if message.channel == "sms" else None


def _first_edge_s(story: Story, before_s: float) -> float | None:
    """When the key was first touched for a gesture: the rig knows.

    That is the last closing before the gesture which follows a pause longer than the gap.
    """
    gap_s = story.board.spec.timing.gap_ms / 1000
    first_s: float | None = None
    last_s = -gap_s
    for t_s, level in story.rig.edges:
        if t_s > before_s:
            break
        if level and t_s - last_s >= gap_s:
            first_s = t_s
        last_s = t_s
    return first_s


def _ms(story: Story, t_s: float | None) -> float | None:
    return None if t_s is None else round((t_s - story.began_s) * 1000, 3)


def _story_ms(story: Story, wall_ms: int | None) -> float | None:
    if wall_ms is None:
        return None
    began_ms = story.phone.wall_clock(story.began_s).timestamp() * 1000
    return round(wall_ms - began_ms, 3)
