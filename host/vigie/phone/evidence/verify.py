"""Checks a recording's folder against itself: stream, chain, times, manifest, renderings."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import soundfile

from button.core.recording import RecordingError
from vigie.errors import VigieError
from vigie.phone.evidence import audio, manifest
from vigie.phone.evidence.facts import facts, lost_at_end
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.evidence.stream import Flaw, Kind, Reading, read

RENDERINGS = ("audio.wav", "audio.flac")
CODED = "adpcm.wav"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check came to."""

    folder: Path
    manifest: Manifest
    reading: Reading
    flaws: list[Flaw]

    @property
    def is_sound(self) -> bool:
        """Whether nothing at all was found."""
        return not self.flaws

    @property
    def is_unchanged(self) -> bool:
        """Whether all that was found are gaps that the button told of itself."""
        return all(f.kind is Kind.GAP for f in self.flaws)

    @property
    def is_unchanged_so_far(self) -> bool:
        """Whether the only other thing is that the button never closed it."""
        return all(f.kind in (Kind.GAP, Kind.NOT_CLOSED) for f in self.flaws)


def verify(folder: Path, fingerprint: str = "") -> Verdict:
    """Check everything.

    Args:
        folder: of one recording.
        fingerprint: what a message to a contact said of it, if one is at hand.

    Raises:
        VigieError: the folder holds no recording.
    """
    described, is_sealed = manifest.read(folder)
    stream_file = folder / manifest.STREAM
    try:
        data = stream_file.read_bytes()
    except OSError as e:
        raise VigieError(f"{stream_file} cannot be read: {e.strerror}.",
                         "Name the folder of one recording.") from None  # fmt: skip
    reading = read(data)
    flaws = list(reading.flaws)
    if not is_sealed:
        flaws.append(Flaw(Kind.CHANGED, manifest.FILE, "it is not as it was written"))
    flaws += _against_manifest(reading, described)
    flaws += _files(folder, reading, described)
    if fingerprint and fingerprint.strip().lower() != manifest.spoken(reading.head.hex()):
        what = f"its fingerprint is {manifest.spoken(reading.head.hex())}, not {fingerprint}"
        flaws.append(Flaw(Kind.CHANGED, manifest.STREAM, what))
    if not any(f.kind in (Kind.CHANGED, Kind.MISSING, Kind.MOVED) for f in reading.flaws):
        flaws += _renderings(folder, reading)
    return Verdict(folder, described, reading, flaws)


def _against_manifest(reading: Reading, described: Manifest) -> list[Flaw]:
    flaws: list[Flaw] = []
    try:
        found = facts(reading.chunks, reading.head)
    except RecordingError:
        return flaws  # its end is damaged, and that has been told
    for name, value in found.items():
        said = getattr(described, name)
        if said != value:
            what = f"{name} is {said} there, and {value} in the stream"
            flaws.append(Flaw(Kind.CHANGED, manifest.FILE, what))
    return flaws + _times(reading, described)


def _times(reading: Reading, described: Manifest) -> list[Flaw]:
    """Wall times are the phone's word; all that can be seen is whether it contradicts itself."""
    try:
        begun, first, last = (
            datetime.fromisoformat(at)
            for at in (described.begun_at, described.received_from, described.received_until)
        )
        fits = begun <= first <= last
        if reading.data and begun != first:
            since_boot = timedelta(
                milliseconds=reading.data[0].heard_ms + described.clocks_apart_ms
            )
            fits = fits and begun == datetime.fromtimestamp(0, UTC) + since_boot
    except (ValueError, TypeError, OverflowError):  # no times, or without their offset
        fits = False
    what = "its times do not fit one another"
    return [] if fits else [Flaw(Kind.CHANGED, manifest.FILE, what)]


def _files(folder: Path, reading: Reading, described: Manifest) -> list[Flaw]:
    flaws: list[Flaw] = []
    for name in (manifest.STREAM, *((*RENDERINGS, CODED) if reading.data else ())):
        if name not in described.files:
            flaws.append(Flaw(Kind.MISSING, name, "the description does not name it"))
    for name, expected in described.files.items():
        file = folder / name
        if not file.is_file():
            flaws.append(Flaw(Kind.MISSING, name, "the file is not there"))
        elif manifest.file_hash(file) != expected:
            flaws.append(Flaw(Kind.CHANGED, name, "the file is not as it was written"))
    return flaws


def _renderings(folder: Path, reading: Reading) -> list[Flaw]:
    """The files for the ear must sound like the stream."""
    if not reading.data:
        return []
    true_rate_hz = reading.chunks[-1].rate_hz
    try:
        sound = audio.samples(reading.data, lost_at_end(reading.chunks))
        coded = audio.coded(reading.data, true_rate_hz)
    except ValueError as e:
        return [Flaw(Kind.CHANGED, manifest.STREAM, str(e))]
    flaws: list[Flaw] = []
    if (folder / CODED).is_file() and (folder / CODED).read_bytes() != coded:
        flaws.append(Flaw(Kind.CHANGED, CODED, "it does not hold the blocks of the stream"))
    for name in RENDERINGS:
        if not (folder / name).is_file():
            continue
        try:
            heard, rate_hz = soundfile.read(folder / name, dtype="int16")
        except soundfile.LibsndfileError as e:
            flaws.append(Flaw(Kind.CHANGED, name, f"no sound file: {e}"))
            continue
        if rate_hz != true_rate_hz or not np.array_equal(heard, sound):
            flaws.append(Flaw(Kind.CHANGED, name, "it does not sound like the stream"))
    return flaws
