"""Sounds: from a file of any rate and any number of channels to one row of samples, and back."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from vigie.errors import VigieError

Signal = NDArray[np.float64]

_LONGEST_S = 3600


@dataclass(frozen=True, slots=True)
class Sound:
    """A row of samples, from -1 to 1."""

    samples: Signal
    rate_hz: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate_hz

    def at_rate(self, rate_hz: int) -> "Sound":
        """The same sound with another sample rate."""
        if rate_hz == self.rate_hz:
            return self
        return Sound(soxr.resample(self.samples, self.rate_hz, rate_hz, "VHQ"), rate_hz)


def read(file: Path) -> Sound:
    """A file that libsndfile knows (WAV, FLAC, OGG and others); channels are mixed to one.

    Raises:
        VigieError: it cannot be read, is no sound, is empty, or lasts for hours.
    """
    try:
        facts = soundfile.info(file)
        if facts.duration > _LONGEST_S:
            raise VigieError(
                f"{file} lasts {facts.duration / 3600:.1f} hours.",
                "A room may have an hour of sound: cut out the part that matters.",
            )
        samples, rate_hz = soundfile.read(file, dtype="float64", always_2d=True)
    except (OSError, soundfile.LibsndfileError, RuntimeError) as e:
        missing = "is not there." if not file.exists() else f"cannot be read as sound: {e}"
        raise VigieError(f"{file} {missing}", "Give a WAV, FLAC or OGG file.") from None
    if not len(samples):
        raise VigieError(f"{file} holds no sound.", "Give a WAV, FLAC or OGG file.")
    return Sound(np.nan_to_num(samples.mean(axis=1)).clip(-1, 1), rate_hz)


def write(sound: Sound, file: Path) -> None:
    """Write a file of 16-bit samples, of the kind that its name ends with: .wav or .flac.

    Raises:
        VigieError: it cannot be written.
    """
    try:
        soundfile.write(file, sound.samples, sound.rate_hz, subtype="PCM_16")
    except (OSError, soundfile.LibsndfileError, TypeError, ValueError) as e:
        raise VigieError(
            f"{file} cannot be written: {e}",
            "Give a file that ends in .wav or .flac, in a folder that can be written to.",
        ) from None
