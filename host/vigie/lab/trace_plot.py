"""A picture of traces: what the contact did, what counts as pressed, what was decided and when."""
# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from button.core.clicks import Clicks, Timing
from button.core.contacts import NEVER, PRESSED, Contact
from vigie.lab.detect import AFTER_US, Gesture, detect
from vigie.lab.traces import Edge, Trace

MOST = 60
"""Traces on one page: more would be too small to read."""
_RAW, _PRESSED, _DEADLINE, _GESTURE = "black", "tab:cyan", "tab:gray", "tab:red"
_ROW_INCHES, _WIDTH_INCHES = 1.15, 9.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What the detector sees in a trace; times in microseconds."""

    pressed: list[tuple[int, int]]
    gestures: list[Gesture]
    deadlines: list[int]


def read(edges: Sequence[Edge], timing: Timing) -> Reading:
    """Presses after bounce, decisions, and the moments at which the detector wanted to look."""
    end_us = edges[-1][0] + AFTER_US if edges else 0
    contact = Contact(timing.glitch_ms * 1000, timing.release_ms * 1000)
    pressed: list[tuple[int, int]] = []
    for t_us, level in [*edges, (end_us, 0)]:
        while contact.deadline_us <= t_us:
            if contact.advance() == PRESSED:
                pressed.append((contact.pressed_us, end_us))
            elif pressed and not contact.pressed:
                pressed[-1] = (pressed[-1][0], min(pressed[-1][1], contact.opened_us))
        contact.edge(t_us, level == 1)
    return Reading(pressed, detect(edges, timing), _deadlines(edges, timing))


def _deadlines(edges: Sequence[Edge], timing: Timing) -> list[int]:
    clicks = Clicks(timing)
    found: list[int] = []
    for t_us, level in edges:
        while clicks.deadline_us < t_us:
            found.append(clicks.deadline_us)
            clicks.advance(clicks.deadline_us)
        clicks.edge(t_us, level == 1)
    while clicks.deadline_us < NEVER:
        found.append(clicks.deadline_us)
        clicks.advance(clicks.deadline_us)
    return found


def draw(traces: Sequence[Trace], timing: Timing, file: Path) -> None:
    """Write the picture; its kind follows from the file's ending (.png or .svg)."""
    rows = len(traces)
    figure = Figure(figsize=(_WIDTH_INCHES, 1.1 + _ROW_INCHES * rows), layout="constrained")
    FigureCanvasAgg(figure)
    for i, trace in enumerate(traces):
        _draw_trace(figure.add_subplot(rows, 1, i + 1), trace, timing, last=i + 1 == rows)
    figure.suptitle(
        f"release {timing.release_ms} ms, gap {timing.gap_ms} ms, long {timing.long_ms} ms",
        fontsize=10,
    )
    figure.legend(handles=_legend(), loc="outside lower center", ncols=4, frameon=False)
    metadata = {"Software": None} if file.suffix == ".png" else {"Date": None, "Creator": None}
    with matplotlib.rc_context({"svg.hashsalt": "vigie"}):  # or an SVG's ids are random
        figure.savefig(file, dpi=110, metadata=metadata)


def _draw_trace(axes: Axes, trace: Trace, timing: Timing, *, last: bool) -> None:
    reading = read(trace.edges, timing)
    shown_us = max([trace.end_us, *(g.t_us for g in reading.gestures)]) * 1.04 + 50_000
    times = [t / 1000 for t, _ in trace.edges]
    levels = [level for _, level in trace.edges]
    spans = [(a / 1000, (min(b, shown_us) - a) / 1000) for a, b in reading.pressed]
    axes.broken_barh(spans, (0, 1), color=_PRESSED, alpha=0.35)
    axes.step([-1e9, *times, 1e9], [0, *levels, levels[-1] if levels else 0], where="post",
              color=_RAW, linewidth=0.8)  # fmt: skip
    axes.vlines([t / 1000 for t in reading.deadlines if t <= shown_us], -0.25, -0.05,
                color=_DEADLINE, linewidth=0.8)  # fmt: skip
    for gesture in reading.gestures:
        t_ms = gesture.t_us / 1000
        axes.plot(t_ms, 1.25, "v", color=_GESTURE, markersize=6)
        axes.annotate(gesture.kind, (t_ms, 1.25), xytext=(-6, 0), textcoords="offset points",
                      ha="right", va="center", fontsize=8, color=_GESTURE)  # fmt: skip
    label = f"{trace.id}\n({trace.label})" if trace.label else trace.id
    axes.set_ylabel(label, rotation=0, ha="right", va="center", fontsize=8)
    axes.set_xlim(-0.02 * shown_us / 1000, shown_us / 1000)
    axes.set_ylim(-0.35, 1.6)
    axes.set_yticks([])
    axes.tick_params(labelsize=8)
    for spine in ("top", "right", "left"):
        axes.spines[spine].set_visible(False)
    if last:
        axes.set_xlabel("milliseconds since the recording began", fontsize=9)


def _legend() -> list[Patch | Line2D]:
    return [
        Line2D([], [], color=_RAW, label="contact"),
        Patch(color=_PRESSED, alpha=0.35, label="pressed, after bounce"),
        Line2D([], [], color=_DEADLINE, marker="|", linestyle="", label="deadline"),
        Line2D([], [], color=_GESTURE, marker="v", linestyle="", label="decided"),
    ]
