"""What an ear makes of a sound: when it begins and ends, how loud it is, which tones follow."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vigie.virtual.acoustics.sounder import heard
from vigie.virtual.acoustics.sounds import Sound
from vigie.virtual.board import VirtualBoard

_WINDOW_S, _HOP_S = 0.020, 0.005
_SAME = 0.005
"""Pitches this close are one tone."""
_WINDOWS = 3
"""So many windows in a row make a tone: those that hold parts of two do not."""
_LOWEST_HZ, _HIGHEST_HZ = 300, 8000
_FINER = 8
_AUDIBLE = 1e-4


@dataclass(frozen=True, slots=True)
class Note:
    """A steady tone. `from_s` and `to_s` are within half a window of its ends."""

    from_s: float
    to_s: float
    hz: float


def sound_of(board: VirtualBoard, from_s: float, to_s: float | None = None) -> Sound:
    """What could be heard from a moment until now, or until another moment."""
    until_s = board.loop.time() if to_s is None else to_s
    return heard(board.gpio.outputs, board.spec.siren, from_s, until_s)


def audible(sound: Sound, gap_s: float = 0.020) -> list[tuple[float, float]]:
    """From when until when there is sound; pauses shorter than `gap_s` do not count."""
    at = np.flatnonzero(np.abs(sound.samples) > _AUDIBLE) / sound.rate_hz
    if not len(at):
        return []
    ends = np.flatnonzero(np.diff(at) > gap_s)
    starts = [at[0], *at[ends + 1]]
    return [(float(a), float(b)) for a, b in zip(starts, [*at[ends], at[-1]], strict=True)]


def level_db(sound: Sound, from_s: float, to_s: float) -> float:
    """Mean level, of full scale."""
    part = sound.samples[round(from_s * sound.rate_hz) : round(to_s * sound.rate_hz)]
    return float(10 * np.log10(np.mean(part**2)))


def notes(sound: Sound) -> list[Note]:
    """The steady tones, one after the other, by the period of the wave."""
    window, hop = round(_WINDOW_S * sound.rate_hz), round(_HOP_S * sound.rate_hz)
    found: list[Note] = []
    run: list[tuple[float, float]] = []
    for at in range(0, len(sound.samples) - window, hop):
        hz = _pitch(sound.samples[at : at + window], sound.rate_hz)
        if run and not _same(hz, run[-1][1]):
            found += _note(run)
            run = []
        if hz:
            run.append(((at + window / 2) / sound.rate_hz, hz))
    return _joined(found + _note(run))


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME * b


def _joined(found: Sequence[Note]) -> list[Note]:
    """Without the seams that a window over two tones makes in one of them."""
    joined: list[Note] = []
    for note in found:
        last = joined[-1] if joined else None
        if last and note.from_s < last.to_s and _same(note.hz, last.hz):
            joined[-1] = Note(last.from_s, note.to_s, last.hz)
        else:
            joined.append(note)
    return joined


def _note(run: Sequence[tuple[float, float]]) -> list[Note]:
    if len(run) < _WINDOWS:
        return []
    half = _WINDOW_S / 2
    return [Note(run[0][0] - half, run[-1][0] + half, float(np.median([hz for _, hz in run])))]


def _pitch(samples: NDArray[np.float64], rate_hz: int) -> float:
    """The shortest period after which the wave is itself again; 0 if there is none.

    Not the strongest frequency: a sounder makes more of a low tone's overtones than of the tone.
    """
    if np.max(np.abs(samples)) < _AUDIBLE:
        return 0.0
    count = len(samples)
    spectrum = np.abs(np.fft.rfft(samples, 2 * count)) ** 2
    likeness = np.fft.irfft(spectrum, 2 * count * _FINER) * _FINER
    lags = np.arange(count * _FINER // 2)
    likeness = likeness[: len(lags)] / (1 - lags / (count * _FINER))
    first = rate_hz * _FINER // _HIGHEST_HZ
    last = min(rate_hz * _FINER // _LOWEST_HZ, len(lags) - 2)
    inside = np.arange(first, last)
    peaks = inside[
        (likeness[inside] >= likeness[inside - 1]) & (likeness[inside] > likeness[inside + 1])
    ]
    good = peaks[likeness[peaks] > 0.9 * likeness[0]]
    if not len(good):
        return 0.0
    before, top, after = likeness[good[0] - 1 : good[0] + 2]
    between = 0.5 * (before - after) / (before - 2 * top + after)
    return float(rate_hz * _FINER / (good[0] + between))


def off_key(heard: Sequence[float], meant: Sequence[float]) -> float:
    """The largest error of all tones, as a part of what was meant; they must be as many."""
    assert len(heard) == len(meant), (heard, meant)
    return max(abs(h - m) / m for h, m in zip(heard, meant, strict=True))
