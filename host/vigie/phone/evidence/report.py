"""The one-page report on a recording: text for people, and a picture of its sound."""
# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vigie.phone.evidence import audio
from vigie.phone.evidence.facts import lost_at_end
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.evidence.stream import Kind
from vigie.phone.evidence.verify import Verdict

TEXT, PICTURE = "report.txt", "report.png"
_COLUMNS = 1600
_WIDTH = 78


def text(verdict: Verdict) -> str:
    """The report."""
    m = verdict.manifest
    heard = m.seconds - m.lost / m.rate_hz if m.rate_hz else 0.0
    lines = [
        "Report on a recording",
        "=" * _WIDTH,
        f"recording        {m.recording}",
        f"made by          {m.device}",
        f"begun            {m.begun_at} (the phone's clock{_how_sure(m)})",
        f"received         {m.received_from} to {m.received_until}",
        f"button's clock   {m.button_from_ms} to {m.button_until_ms} ms since it was switched on; "
        f"{m.clocks_apart_ms} ms",
        "                 behind the phone's clock, at most",
        f"length           {m.seconds:.3f} s, of which {heard:.3f} s were heard; "
        f"{m.before_press_s:.3f} s before the press",
        f"sound            {m.rate_hz} samples a second, IMA ADPCM, {m.chunks} chunks",
        f"ended            {m.ended}",
        f"fingerprint      {m.fingerprint}",
        f"chain head       {m.chain_head}",
        "",
        f"Verdict: {_verdict(verdict)}",
    ]
    lines += [f"  - {flaw}" for flaw in verdict.flaws]
    lines += ["", "Files, with their SHA-256:"]
    lines += [f"  {name:12} {digest}" for name, digest in sorted(m.files.items())]
    lines += [
        "",
        "What this shows: since the button closed the recording, nothing in it was changed,",
        "left out, moved, added or cut off, if the fingerprint above is the one that was sent",
        "in the message to the contacts. What it does not show: who spoke, or that the button",
        "itself was not tampered with. When it began and when it was received is the phone's",
        "word alone, and nothing in the sound proves it; the message to the contacts has its",
        "own date. Keep the folder as it is; work on copies.",
        "",
    ]
    return "\n".join(lines)


def write(verdict: Verdict, folder: Path) -> str:
    """Write report.txt and report.png, and return the text. Raises OSError."""
    page = text(verdict)
    (folder / TEXT).write_text(page, encoding="utf-8")
    draw(verdict, folder / PICTURE)
    return page


def draw(verdict: Verdict, file: Path) -> None:
    """The picture: the sound over time, the press, gaps, and where something is wrong."""
    m = verdict.manifest
    chunks = verdict.reading.data
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    try:
        sound = (
            audio.samples(chunks, lost_at_end(verdict.reading.chunks)).astype(np.float32) / 32768
        )
    except ValueError:
        sound = np.zeros(1, np.float32)
    if sound.size and m.rate_hz:
        step = max(1, sound.size // _COLUMNS)
        columns = sound[: sound.size // step * step].reshape(-1, step)
        times = np.arange(columns.shape[0]) * step / m.rate_hz
        axes.fill_between(times, columns.min(axis=1), columns.max(axis=1), color="tab:blue",
                          linewidth=0)  # fmt: skip
    for gap in m.gaps if m.rate_hz else ():
        axes.axvspan(gap.at_sample / m.rate_hz, (gap.at_sample + gap.samples) / m.rate_hz,
                     color="tab:red", alpha=0.4)  # fmt: skip
    if m.before_press_s:
        axes.axvline(m.before_press_s, color="black", linewidth=1)
        axes.annotate("press", (m.before_press_s, 0.92), xytext=(4, 0), fontsize=9,
                      textcoords="offset points")  # fmt: skip
    axes.set_xlim(0, max(m.seconds, 0.001))
    axes.set_ylim(-1, 1)
    axes.set_yticks([])
    axes.set_xlabel("seconds since the recording began")
    colour = "tab:green" if verdict.is_sound else "tab:red"
    axes.set_title(f"{m.recording}   {_verdict(verdict)}", loc="left", fontsize=10, color=colour)
    for spine in ("top", "right", "left"):
        axes.spines[spine].set_visible(False)
    figure.savefig(file, dpi=110, metadata={"Software": None})


def _how_sure(m: Manifest) -> str:
    return ", at the latest: it may have waited in the button" if m.begun_is_latest else ""


def _verdict(verdict: Verdict) -> str:
    if verdict.is_sound:
        return "complete and unchanged"
    if verdict.is_unchanged:
        return "unchanged, but with gaps that the button itself tells of"
    if verdict.is_unchanged_so_far:
        return "unchanged as far as it goes, but its end has never come"
    kinds = sorted({f.kind.value for f in verdict.flaws if f.kind is not Kind.GAP})
    return "NOT as it was recorded: " + ", ".join(kinds)
