"""What follows from a stream alone: the part of a manifest that can be checked."""

from collections.abc import Sequence
from typing import Any

from button.core.recording import BEFORE_PRESS, DATA, END_NAMES, FINAL, Chunk, End
from vigie.phone.evidence.manifest import Gap

CUT_OFF = "cut off"
"""How a recording ended whose last chunk has not come."""


def lost_at_end(chunks: Sequence[Chunk]) -> int:
    """Samples that are missing between the last sound and the end."""
    return chunks[-1].gap if chunks and chunks[-1].kind == FINAL else 0


def facts(chunks: Sequence[Chunk], head: bytes) -> dict[str, Any]:
    """Fields of the manifest, by name, that these chunks and the head of their chain come to."""
    data = [c for c in chunks if c.kind == DATA]
    rate_hz = chunks[-1].rate_hz if chunks else 0
    samples = sum(c.count for c in data)
    at_end = lost_at_end(chunks)
    lost = sum(c.gap for c in data) + at_end
    gaps = [Gap(c.index, c.first_sample - c.gap, c.gap) for c in data if c.gap]
    if at_end:
        gaps.append(Gap(chunks[-1].index, samples + lost - at_end, at_end))
    first, last = (data[0], data[-1]) if data else (None, None)
    until_ms = last.heard_ms + 1000 * last.count // max(1, rate_hz) if last else 0
    before = sum(c.count for c in data if c.flags & BEFORE_PRESS)
    return {
        "recording": repr(chunks[0].recording) if chunks else "",
        "alert": repr(chunks[0].recording) if chunks else "",
        "button_from_ms": first.heard_ms if first else 0,
        "button_until_ms": until_ms,
        "rate_hz": rate_hz,
        "samples": samples,
        "lost": lost,
        "seconds": round((samples + lost) / max(1, rate_hz), 3),
        "chunks": len(chunks),
        "ended": _how_it_ended(chunks),
        "before_press_s": round(before / max(1, rate_hz), 3),
        "gaps": tuple(gaps),
        "chain_head": head.hex(),
    }


def _how_it_ended(chunks: Sequence[Chunk]) -> str:
    if not chunks or chunks[-1].kind != FINAL:
        return CUT_OFF
    reason = End.unpack(chunks[-1].payload).reason
    return END_NAMES[reason] if 0 < reason < len(END_NAMES) else str(reason)
