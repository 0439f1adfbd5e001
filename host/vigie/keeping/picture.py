"""The picture of a failure: key, outputs, phones and consoles on one time axis."""
# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vigie.bench.signal import felt
from vigie.keeping.happened import Happened, Sensed
from vigie.keeping.notes import Note, readable, shown, spoken
from vigie.keeping.views import View, views

_WIDTH_INCHES = 13.0
_ROW_INCHES, _LINE_INCHES = 0.5, 0.17
_AROUND_INCHES = 0.85
"""Title, axis and what they need."""
_DPI = 110
_TITLE = 140
"""Characters of a line."""
_KEY, _FAILED, _CLOSE = "black", "tab:red", "#dff3f8"
_COLOURS = {"siren": "tab:red", "indicator": "tab:purple"}
_NAMES = {"siren": "siren", "indicator": "wearer feels"}
_VOICES = ("tab:green", "tab:blue", "tab:olive", "tab:brown")


@dataclass(frozen=True, slots=True)
class _Voice:
    """A speaker's lines in a view, each one below the other if `apart`."""

    name: str
    notes: list[Note]
    colour: str
    apart: bool

    @property
    def inches(self) -> float:
        lines = len(self.notes) if self.apart else 0
        return max(_ROW_INCHES, lines * _LINE_INCHES + 0.12)


def draw(story: Happened, title: str, file: Path) -> None:
    """Write the picture."""
    drawn = views(story)
    voices = [_voices(story, view) for view in drawn]
    inches = [_inches(story, each) for each in voices]
    height = sum(inches) + _AROUND_INCHES * len(drawn) + 0.5
    figure = Figure(figsize=(_WIDTH_INCHES, height), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(len(drawn), 1, height_ratios=inches)
    for i, view in enumerate(drawn):
        axes = figure.add_subplot(grid[i, 0])
        axes.set_ylim(inches[i], 0)  # inches from above
        _draw_view(axes, story, view, voices[i])
        for other in drawn if not view.close else ():
            if other.close:
                axes.axvspan(other.from_s, other.until_s, color=_CLOSE, linewidth=0, zorder=0)
    lines = [shown(line, _TITLE) for line in title.splitlines()]
    figure.suptitle("\n".join(lines), fontsize=10, parse_math=False)
    figure.savefig(file, dpi=_DPI, metadata={"Software": None})


def _voices(story: Happened, view: View) -> list[_Voice]:
    found: list[_Voice] = []
    for i, (name, notes) in enumerate(spoken(story)):
        inside = [n for n in notes if view.from_s <= n.t_s <= view.until_s]
        lines = readable(inside) if view.close else inside
        found.append(_Voice(name, lines, _VOICES[i % len(_VOICES)], view.close))
    return found


def _inches(story: Happened, voices: list[_Voice]) -> float:
    rows = len(story.outputs) + (story.edges is not None)
    return rows * _ROW_INCHES + sum(voice.inches for voice in voices)


def _draw_view(axes: Axes, story: Happened, view: View, voices: list[_Voice]) -> None:
    axes.set_title(view.title, loc="left", fontsize=10)
    axes.set_xlim(view.from_s, view.until_s)
    axes.set_xlabel("seconds since the world of the test began", fontsize=8)
    axes.tick_params(labelsize=8)
    axes.grid(axis="x", alpha=0.25)
    for spine in ("top", "right", "left"):
        axes.spines[spine].set_visible(False)
    y, names = 0.0, list[tuple[float, str]]()
    if story.edges is not None:
        names.append((y + _ROW_INCHES / 2, "key pressed"))
        _draw_key(axes, story, y)
        y += _ROW_INCHES
    for output in story.outputs:
        names.append((y + _ROW_INCHES / 2, _NAMES[output.name]))
        _draw_output(axes, story, output, view, y)
        y += _ROW_INCHES
    for voice in voices:
        names.append((y + (0.14 if voice.apart and voice.notes else _ROW_INCHES / 2), voice.name))
        axes.axhline(y, color="lightgray", linewidth=0.6)
        _draw_voice(axes, voice, view, y)
        y += voice.inches
    axes.set_yticks([at for at, _ in names], [name for _, name in names], fontsize=9)
    if view.from_s <= story.failed_s <= view.until_s:
        axes.axvline(story.failed_s, color=_FAILED, linewidth=1.2)
        axes.annotate("failed", (story.failed_s, 0), xytext=(-3, 3), textcoords="offset points",
                      ha="right", fontsize=8, color=_FAILED)  # fmt: skip


def _draw_key(axes: Axes, story: Happened, y: float) -> None:
    levels = [(t_s, y + _ROW_INCHES * (0.8 - 0.6 * level)) for t_s, level in story.edges or ()]
    up = y + _ROW_INCHES * 0.8
    last = levels[-1][1] if levels else up
    times = [0.0, *(t_s for t_s, _ in levels), story.failed_s]
    heights = [up, *(height for _, height in levels), last]
    axes.step(times, heights, where="post", color=_KEY, linewidth=1.1)


def _draw_output(axes: Axes, story: Happened, output: Sensed, view: View, y: float) -> None:
    pulses = output.until(story.failed_s)
    spans = [(p.on_s, p.off_s - p.on_s) for p in pulses]
    colour = _COLOURS[output.name]
    axes.broken_barh(
        spans, (y + _ROW_INCHES * 0.3, _ROW_INCHES * 0.4), color=colour, linewidth=0.8
    )
    if output.name == "siren" or not view.close:
        return
    inside = [p for p in felt(pulses) if view.from_s <= p.t_s <= view.until_s]
    for i, pattern in enumerate(inside):
        above = i % 2 == 0  # they come close to each other
        at = (pattern.t_s, y + _ROW_INCHES * (0.3 if above else 0.7))
        axes.annotate(pattern.name, at, xytext=(0, 2 if above else -2), fontsize=7, color=colour,
                      textcoords="offset points", va="bottom" if above else "top")  # fmt: skip


def _draw_voice(axes: Axes, voice: _Voice, view: View, y: float) -> None:
    if not voice.apart:
        times = [note.t_s for note in voice.notes]
        axes.vlines(times, y + _ROW_INCHES * 0.25, y + _ROW_INCHES * 0.75, color=voice.colour)
        return
    late_s = view.from_s + 0.55 * (view.until_s - view.from_s)
    for i, note in enumerate(voice.notes):
        at = y + 0.06 + (i + 0.5) * _LINE_INCHES
        before = note.t_s > late_s
        axes.vlines(note.t_s, at - _LINE_INCHES / 2, at + _LINE_INCHES / 2, color=voice.colour)
        axes.annotate(note.text, (note.t_s, at), xytext=(-4 if before else 4, 0),
                      textcoords="offset points", ha="right" if before else "left", va="center",
                      fontsize=7.5, family="monospace", parse_math=False)  # fmt: skip
