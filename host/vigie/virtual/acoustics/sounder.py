"""The sounder: what it makes of the PWM on its pin, as sound."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vigie.boards.spec import SirenSpec
from vigie.virtual.acoustics.sounds import Signal, Sound
from vigie.virtual.chip.gpio import Output

RATE_HZ = 48000
_QUALITY = 6.0
"""Of its resonance: 3 dB less a twelfth away from it, as in data sheets of small sounders."""
_SETTLE_S = 0.0005
"""How long it takes to follow; also keeps clicks out of the file."""
_QUIET = 0.5
"""Level of a tone at resonance: 1 would leave no room for its harmonics."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A PWM signal on the pin, from one moment to another."""

    from_s: float
    to_s: float
    hz: int
    duty: float


def heard(outputs: Sequence[Output], siren: SirenSpec, from_s: float, to_s: float) -> Sound:
    """What the sounder of a board makes of all that its pins put out (`Gpio.outputs`)."""
    return render(tones(outputs, siren.pin, to_s), siren.resonance_hz, from_s, to_s)


def tones(outputs: Sequence[Output], pin: int, until_s: float) -> list[Tone]:
    """What was on the pin."""
    found: list[Tone] = []
    mine = [o for o in outputs if o.pin == pin and o.t_s < until_s]
    for now, then in zip(mine, [*(o.t_s for o in mine[1:]), until_s], strict=True):
        if now.level is None and now.duty and then > now.t_s:
            found.append(Tone(now.t_s, then, now.hz, now.duty / 65535))
    return found


def render(played: Sequence[Tone], resonance_hz: int, from_s: float, to_s: float) -> Sound:
    """How that sounds: each harmonic of the square wave as loud as the resonance lets it be."""
    out = np.zeros(round((to_s - from_s) * RATE_HZ))
    phase = 0.0
    for tone in played:
        begin = max(0, round((tone.from_s - from_s) * RATE_HZ))
        end = min(len(out), round((tone.to_s - from_s) * RATE_HZ))
        if begin >= end:
            continue
        turns = phase + np.arange(end - begin) * tone.hz / RATE_HZ
        out[begin:end] = _wave(turns, tone, resonance_hz) * _ramp(end - begin)
        phase = (phase + (end - begin) * tone.hz / RATE_HZ) % 1.0
    return Sound(out.clip(-1, 1), RATE_HZ)


def _wave(turns: Signal, tone: Tone, resonance_hz: int) -> Signal:
    wave = np.zeros(len(turns))
    for n in range(1, max(2, RATE_HZ // 2 // tone.hz + 1)):
        level = np.sin(np.pi * n * tone.duty) / n * _response(n * tone.hz, resonance_hz)
        wave += level * np.cos(2 * np.pi * n * turns)
    return _QUIET * wave


def _response(hz: float, resonance_hz: int) -> float:
    return float(1 / np.hypot(1, _QUALITY * (hz / resonance_hz - resonance_hz / hz)))


def _ramp(count: int) -> Signal:
    steps = np.minimum(np.arange(count), np.arange(count)[::-1])
    return np.minimum(1.0, steps / (_SETTLE_S * RATE_HZ))
