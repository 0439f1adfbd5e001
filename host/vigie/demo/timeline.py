"""The picture of the story: everything on one time axis, and a close view of each alert."""
# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from vigie.bench.signal import Pulse, felt
from vigie.demo.recordings import recorded
from vigie.demo.report import alerts, gestures, messages
from vigie.demo.story import Story
from vigie.demo.views import View, close_views, whole
from vigie.phone.events import PressBegan
from vigie.phone.records import ACCEPTED

_ROWS = ("messages", "recording", "siren", "felt", "radio", "alerts", "gesture", "key")
_Y = {name: i for i, name in enumerate(_ROWS)}
_LABELS = {
    "key": "key pressed",
    "gesture": "gesture",
    "alerts": "alert",
    "radio": "Bluetooth packets",
    "felt": "wearer feels",
    "siren": "siren",
    "recording": "recording",
    "messages": "messages",
}
_CHANNELS = {
    "sms": ("tab:green", "SMS"),
    "call": ("tab:olive", "call"),
    "mail": ("tab:gray", "mail"),
}
_KEY, _GESTURE, _ALERT, _FELT, _SIREN = "black", "tab:blue", "tab:orange", "tab:purple", "tab:red"
_RECORDING = "tab:brown"


_ACROSS = 4
_VIEWS_MOST = 12


def draw(story: Story, file: Path) -> None:
    """Write the picture."""
    views = close_views(story)
    drawn = views[:_VIEWS_MOST]
    rows = -(-len(drawn) // _ACROSS)
    across = max(1, min(_ACROSS, len(drawn)))
    size = (4.2 * max(3, across), 4.75 * (1 + rows))
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(1 + rows, across)
    _draw_view(story, figure.add_subplot(grid[0, :]), whole(story))
    for i, view in enumerate(drawn):
        _draw_view(story, figure.add_subplot(grid[1 + i // _ACROSS, i % _ACROSS]), view)
    title = "From the key to the contacts"
    if len(views) > len(drawn):
        title += f" (close views of the first {len(drawn)} of {len(views)} alerts)"
    figure.suptitle(title)
    figure.legend(
        handles=_legend(),
        loc="outside lower center",
        ncols=8,
        frameon=False,
        title="messages: a dot is handed over, a cross is not, a ring is answered",
    )
    figure.savefig(file, dpi=110, metadata={"Software": None})


def _draw_view(story: Story, axes: Axes, view: View) -> None:
    axes.set_title(view.title, loc="left", fontsize=10)
    axes.set_xlim(view.from_s, view.until_s)
    axes.set_ylim(-0.6, len(_ROWS) - 0.3)
    axes.set_yticks(range(len(_ROWS)), [_LABELS[row] for row in _ROWS], fontsize=9)
    axes.set_xlabel("seconds since the story began", fontsize=9)
    axes.grid(axis="x", alpha=0.25)
    for spine in ("top", "right", "left"):
        axes.spines[spine].set_visible(False)
    _draw_key(story, axes)
    _draw_decisions(story, axes, view)
    _draw_radio(story, axes, view)
    _draw_outputs(story, axes, view)
    _draw_messages(story, axes, view)


def _bars(axes: Axes, row: str, pulses: list[Pulse], zero_s: float, colour: str) -> None:
    spans = [(p.on_s - zero_s, p.off_s - p.on_s) for p in pulses]
    axes.broken_barh(spans, (_Y[row] - 0.3, 0.6), color=colour)


def _draw_key(story: Story, axes: Axes) -> None:
    times = [t_s - story.began_s for t_s, _ in story.rig.edges]
    levels = [_Y["key"] - 0.3 + 0.6 * level for _, level in story.rig.edges]
    if times:
        axes.step(
            [times[0] - 1e6, *times, times[-1] + 1e6],
            [_Y["key"] - 0.3, *levels, levels[-1]],
            where="post",
            color=_KEY,
            linewidth=1.0,
        )


def _draw_decisions(story: Story, axes: Axes, view: View) -> None:
    for gesture in gestures(story):
        t_s = gesture["t_ms"] / 1000
        if view.from_s <= t_s <= view.until_s:
            axes.plot(t_s, _Y["gesture"], "v", color=_GESTURE)
            _note(axes, view, t_s, _Y["gesture"], gesture["kind"], _GESTURE)
    for press in story.phone.transcript.of(PressBegan):
        _mark(axes, view, press.t_s - story.began_s, "DOWN", before=True)
    for alert in alerts(story):
        for name, key, up in (("at phone", "alert_at_phone_ms", 1), ("ACK", "acked_ms", -1)):
            if alert[key] is not None:
                _mark(axes, view, alert[key] / 1000, name, up)


def _mark(
    axes: Axes, view: View, t_s: float, text: str, up: int = 1, *, before: bool = False
) -> None:
    if view.from_s <= t_s <= view.until_s:
        axes.plot(t_s, _Y["alerts"], "|", color=_ALERT, markersize=16)
        if view.event_id:
            _note(axes, view, t_s, _Y["alerts"], text, _ALERT, up, before=before)


def _note(
    axes: Axes,
    view: View,
    t_s: float,
    y: float,
    text: str,
    colour: str,
    up: int = 1,
    *,
    before: bool = False,
) -> None:
    """A word beside a moment: after it, unless asked otherwise or the view ends there."""
    right = before or t_s > view.from_s + 0.75 * (view.until_s - view.from_s)
    axes.annotate(
        text,
        (t_s, y),
        xytext=(-5 if right else 5, 5 if up > 0 else -12),
        textcoords="offset points",
        ha="right" if right else "left",
        fontsize=8,
        color=colour,
    )


def _draw_radio(story: Story, axes: Axes, view: View) -> None:
    """ACL data packets between host and controller of the board: up is from the board."""
    for up in (True, False):
        times = [
            r.time_us / 1e6 - story.began_s
            for r in story.world.hci_log
            if r.station.startswith("board")
            and r.packet[0] == 2
            and (r.direction.value == "<") == up
        ]
        times = [t for t in times if view.from_s <= t <= view.until_s]
        y = _Y["radio"]
        axes.vlines(times, y, y + (0.3 if up else -0.3), color="tab:cyan" if up else "tab:pink")


def _draw_outputs(story: Story, axes: Axes, view: View) -> None:
    _bars(axes, "siren", story.rig.siren.pulses, story.began_s, _SIREN)
    _bars(axes, "recording", recorded(story), story.began_s, _RECORDING)
    _bars(axes, "felt", story.rig.indicator.pulses, story.began_s, _FELT)
    patterns = [(p.t_s - story.began_s, p.name) for p in felt(story.rig.indicator.pulses)]
    inside = [(t_s, name) for t_s, name in patterns if view.from_s <= t_s <= view.until_s]
    for i, (t_s, name) in enumerate(inside if view.event_id else []):
        up = 1 if i % 2 == 0 else -1  # they come close to each other
        _note(axes, view, t_s, _Y["felt"] + 0.27 * up, name, _FELT, up)


def _draw_messages(story: Story, axes: Axes, view: View) -> None:
    """Dots when they were handed over (crosses if they never were), rings when answered."""
    for message in messages(story):
        if view.event_id not in (None, message["event_id"]):
            continue
        colour, _ = _CHANNELS[message["channel"]]
        y = _Y["messages"] + list(_CHANNELS).index(message["channel"]) * 0.25 - 0.25
        is_out = message["status"] in ACCEPTED
        for t_ms, marker, fill in (
            (message["at_ms"], "o" if is_out else "x", colour),
            (message["seen_at_ms"], "o", "none"),
        ):
            if t_ms is not None and view.from_s <= t_ms / 1000 <= view.until_s:
                style: dict[str, Any] = {"markerfacecolor": fill, "alpha": 0.6, "markersize": 6}
                axes.plot(t_ms / 1000, y, marker, color=colour, **style)


def _legend() -> list[Patch]:
    entries = [
        ("tab:cyan", "packet from the button"),
        ("tab:pink", "packet to the button"),
        (_FELT, "indicator on"),
        (_SIREN, "siren on"),
        (_RECORDING, "recording"),
        *_CHANNELS.values(),
    ]
    return [Patch(color=colour, label=label) for colour, label in entries]
