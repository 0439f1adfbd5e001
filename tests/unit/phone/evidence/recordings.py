"""Recordings as a button makes them, from any sound."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from button.core import adpcm
from button.core.recording import (
    BLOCK_BYTES,
    BLOCK_SAMPLES,
    DATA,
    PREV_BYTES,
    STOPPED,
    Chain,
    Chunk,
    final,
)
from button.core.wire import AudioPart, EventId
from vigie.phone.evidence.inbox import Inbox

ID = EventId(b"12345678", 3)
RATE_HZ = 16000
PART = 200
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def tone(seconds: float, rate_hz: int = RATE_HZ) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """A tone that swells and fades."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (12000 * np.sin(2 * np.pi * 440 * t) * np.sin(np.pi * t / seconds)).astype(np.int16)


def chunks(
    sound: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int16]],
    *,
    recording: EventId = ID,
    rate_hz: int = RATE_HZ,
    gaps: dict[int, int] | None = None,
    before_press: int = 0,
    reason: int = STOPPED,
) -> list[Chunk]:
    """All chunks of a recording. `gaps` are samples lost before a chunk, by its index."""
    samples = np.asarray(sound, np.int16)
    chain, state = Chain(recording), array("h", [0, 0, 0])
    made: list[Chunk] = []
    at = position = lost = 0
    while at < len(samples):
        part = samples[at : at + BLOCK_SAMPLES]
        block = bytearray(BLOCK_BYTES)
        state[2] = 0
        adpcm.encode(part.tobytes(), len(part), block, 0, state)
        gap = (gaps or {}).get(len(made), 0)
        position += gap
        lost += gap
        heard_ms = 5000 + position * 1000 // rate_hz
        flags, prev = int(len(made) < before_press), chain.head[:PREV_BYTES]
        payload = bytes(block[: adpcm.bytes_of(len(part))])
        chunk = Chunk(DATA, flags, rate_hz, recording, len(made), position, heard_ms, gap,
                      len(part), prev, payload)  # fmt: skip
        chain.add(chunk.header(), chunk.payload)
        made.append(chunk)
        at += len(part)
        position += len(part)
    last = final(chain, recording, rate_hz, 0, reason, len(made), len(samples), lost)
    return [*made, last]


def stream(made: Sequence[Chunk]) -> bytes:
    """Their bytes."""
    return b"".join(c.pack() for c in made)


def parts(chunk: Chunk) -> Iterator[AudioPart]:
    """A chunk as it goes over the air."""
    raw = chunk.pack()
    for at in range(0, len(raw), PART):
        yield AudioPart(chunk.recording, chunk.index, at, len(raw), raw[at : at + PART])


def deliver(inbox: Inbox, made: Sequence[Chunk], now: datetime = NOON) -> list[int]:
    """Bring chunks to an inbox, one each quarter of a second; what it said."""
    said: list[int] = []
    for i, chunk in enumerate(made):
        for part in parts(chunk):
            answer = inbox.take(part, now + timedelta(seconds=0.25 * i))
            if answer is not None:
                said.append(answer)
    return said
