"""A microphone and a loudspeaker of this computer, through the optional library sounddevice."""
# sounddevice has no types. pyright: reportUnknownMemberType=false

import importlib
from typing import Any

import numpy as np

from vigie.bench.physics.levels import Row
from vigie.errors import VigieError

RATE_HZ = 48000


def listen(device: str, seconds: float) -> Row:
    """Record one channel at RATE_HZ. Raises VigieError."""
    library = _library()
    count = round(seconds * RATE_HZ)
    try:
        heard = library.rec(count, RATE_HZ, 1, "float32", device=device, blocking=True)
    except (ValueError, OSError, library.PortAudioError) as e:
        raise _deaf(device, e) from None
    return np.asarray(heard, np.float64)[:, 0]


def play(samples: Row, device: str) -> None:
    """Sound this at RATE_HZ, and wait until it is over. Raises VigieError."""
    library = _library()
    try:
        library.play(samples.astype(np.float32), RATE_HZ, device=device, blocking=True)
    except (ValueError, OSError, library.PortAudioError) as e:
        raise _deaf(device, e) from None


def _library() -> Any:
    try:
        return importlib.import_module("sounddevice")
    except (ImportError, OSError) as e:  # the latter without PortAudio
        raise VigieError(
            f"This computer's sound cannot be used: {e}.",
            'Install it: .venv/bin/pip install -e ".[physics]", and PortAudio (libportaudio2).',
        ) from None


def _deaf(device: str, why: object) -> VigieError:
    return VigieError(f"The sound device {device!r} cannot be used: {why}.",
                      "`.venv/bin/python -m sounddevice` lists those that there are.")  # fmt: skip
