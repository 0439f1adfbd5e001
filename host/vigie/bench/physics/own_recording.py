"""What the button itself records, as it arrives at the phone."""
# soundfile has no types. pyright: reportUnknownMemberType=false

import asyncio
from dataclasses import dataclass

import soundfile

from vigie.bench.phones import BenchPhone
from vigie.bench.physics.levels import Row, spl
from vigie.bench.protocol import Rig
from vigie.boards.spec import BoardSpec
from vigie.phone.events import AlertTaken, RecordingClosed

AUDIO = "audio.wav"
SETTLES_S = 0.5
"""A microphone says anything but sound when its clock begins."""
_BETWEEN_S = 0.25


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording.

    full_scale_dbspl: level of a sine that fills its range, by the microphone's data sheet.
    lost: samples that are missing, and silent in it.
    """

    samples: Row
    rate_hz: int
    full_scale_dbspl: float
    lost: int

    @property
    def settled(self) -> Row:
        """Without its beginning."""
        return self.samples[round(SETTLES_S * self.rate_hz) :]

    def spl(self, dbfs: float) -> float:
        """Sound pressure level, dB, of a level in it; as good as the data sheet."""
        return spl(dbfs, self.full_scale_dbspl)


async def recorded(spec: BoardSpec, rig: Rig, phone: BenchPhone, seconds: float) -> Heard:
    """So many seconds, of a phone that is connected. Raises TimeoutError."""
    await begin(rig, phone)
    await asyncio.sleep(seconds)
    return await end(phone, spec)


async def begin(rig: Rig, phone: BenchPhone) -> None:
    """Press twice, and wait until the phone has the alert: the button records from then on."""
    since = len(phone.transcript.events)
    for _ in range(2):
        await rig.press()
        await asyncio.sleep(_BETWEEN_S)
    await phone.transcript.saw(AlertTaken, within_s=10, since=since)


async def end(phone: BenchPhone, spec: BoardSpec) -> Heard:
    """End it from the phone, wait until all of it is there, and read it. Raises TimeoutError."""
    since = len(phone.transcript.events)
    phone.record(False)
    closed = await phone.transcript.saw(RecordingClosed, within_s=60, since=since)
    file = phone.evidence / closed.manifest.recording / AUDIO
    samples, rate_hz = soundfile.read(file, dtype="float64")
    assert spec.microphone is not None, "it has no microphone"
    raised_db = 20 * 0.30103 * spec.microphone.gain_bits
    full_scale = spec.microphone.facts.full_scale_dbspl - raised_db
    return Heard(samples, rate_hz, full_scale, closed.manifest.lost)
