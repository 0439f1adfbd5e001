"""How well a detector did on labelled traces: confusion, silence, latency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from vigie.lab.detect import Gesture
from vigie.lab.traces import Edge, Trace

SILENT = "none"
_APART_US = 45_000
"""Shorter openings are bounce and chatter: what follows is the same press."""


@dataclass(slots=True)
class Score:
    """The tally. Add traces with `add`.

    `confusion[label][kinds]` counts what each label came to: "double", "single+single", or SILENT.
    `latencies_ms[kind]` has, for each gesture, the time from the last release edge to the
    decision; for `long`, which is decided while the key is held, from the press edge of its press.
    """

    n: int = 0
    silent: int = 0
    confusion: dict[str, dict[str, int]] = field(default_factory=lambda: {})
    latencies_ms: dict[str, list[float]] = field(default_factory=lambda: {})

    def add(self, trace: Trace, gestures: Sequence[Gesture]) -> None:
        """A trace and what was decided."""
        label = trace.label or "unlabelled"
        kinds = "+".join(g.kind for g in gestures) or SILENT
        row = self.confusion.setdefault(label, {})
        row[kinds] = row.get(kinds, 0) + 1
        self.n += 1
        if not gestures and label != SILENT:
            self.silent += 1
        for gesture in gestures:
            latency_ms = _latency_ms(trace.edges, gesture)
            self.latencies_ms.setdefault(gesture.kind, []).append(latency_ms)

    @property
    def right(self) -> int:
        """How many traces came to exactly their label."""
        return sum(row.get(label, 0) for label, row in self.confusion.items())

    def share_right(self, label: str) -> float:
        """Of the traces with this label, 0 to 1."""
        row = self.confusion.get(label, {})
        return row.get(label, 0) / max(1, sum(row.values()))

    def latency_ms(self, kind: str, percent: float) -> float | None:
        """A percentile, or None if there was no such gesture."""
        values = self.latencies_ms.get(kind)
        return _percentile(sorted(values), percent) if values else None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "n": self.n,
            "silent": self.silent,
            "right": self.right,
            "confusion": {k: dict(sorted(v.items())) for k, v in sorted(self.confusion.items())},
            "latency_ms": {
                kind: {f"p{p}": round(_percentile(sorted(values), p), 3) for p in (50, 99)}
                for kind, values in sorted(self.latencies_ms.items())
            },
        }


def score(results: Iterable[tuple[Trace, Sequence[Gesture]]]) -> Score:
    """The score of all these."""
    made = Score()
    for trace, gestures in results:
        made.add(trace, gestures)
    return made


def _latency_ms(edges: Sequence[Edge], gesture: Gesture) -> float:
    """From the edge that a person would count from, to the decision."""
    pressed_us = opened_us = -_APART_US
    for t_us, level in edges:
        if t_us > gesture.t_us:
            break
        if not level:
            opened_us = t_us
        elif t_us - opened_us >= _APART_US:
            pressed_us = t_us
    return (gesture.t_us - (pressed_us if gesture.kind == "long" else opened_us)) / 1000


def _percentile(ordered: Sequence[float], percent: float) -> float:
    return ordered[min(len(ordered) - 1, round(percent / 100 * len(ordered)))]
