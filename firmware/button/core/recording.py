"""Recordings: what a chunk is, how chunks are chained, and how the last one closes the chain.

A recording is chunks, each `header | payload`. The payload of a DATA chunk is one ADPCM block,
that of the FINAL chunk says how it ended. Chunks are numbered from 0, say which of the recording's
samples they hold and when those were heard, and carry the first bytes of the hash of everything
before them: h(0) = SHA-256(START + recording id), h(i+1) = SHA-256(h(i) + chunk i). The FINAL
chunk carries all of it, so whatever is changed, left out, added or cut off afterwards shows.
"""

import struct
from hashlib import sha256

from button.core.adpcm import samples_in
from button.core.wire import EventId

BLOCK_BYTES = 2048
"""Of one ADPCM block: 4089 samples, a quarter of a second at 16 kHz."""
BLOCK_SAMPLES = samples_in(BLOCK_BYTES)
MAGIC = b"VIG1"
START = b"vigie recording"
PREV_BYTES = 16
_HEADER = "<4sBBH10sIIIIHH16s"
HEADER_BYTES = struct.calcsize(_HEADER)
_END = "<BIII"
_SEAL_BYTES = 32
CHUNK_MOST = HEADER_BYTES + BLOCK_BYTES

DATA, FINAL = 0, 1

# Flags of a chunk.
BEFORE_PRESS = 1
"""Heard before the press: from the ring that is overwritten as long as nobody presses."""

# How a recording ended.
STOPPED = 1
"""By the phone, or its time was over."""
STORAGE_FULL = 2
MICROPHONE_FAILED = 3
INTERRUPTED = 4
"""The button lost power or restarted: closed after that, with what had been kept."""
END_NAMES = ("", "stopped", "storage full", "microphone failed", "interrupted")


class RecordingError(ValueError):
    """Bytes that are not a chunk of this format."""


class Chunk:
    """The header of a chunk, and its payload.

    first_sample: index in the recording of its first sample; lost ones count, so it is a time.
    heard_ms: when that was, on the clock of the button's boot.
    gap: how many samples are missing right before this chunk.
    count: samples in the payload. A block that was cut short by a gap has fewer, and fewer bytes.
    """

    def __init__(  # one field of the header each
        self,
        kind: int,
        flags: int,
        rate_hz: int,
        recording: EventId,
        index: int,
        first_sample: int,
        heard_ms: int,
        gap: int,
        count: int,
        prev: bytes,
        payload: bytes = b"",
    ):
        self.kind = kind
        self.flags = flags
        self.rate_hz = rate_hz
        self.recording = recording
        self.index = index
        self.first_sample = first_sample
        self.heard_ms = heard_ms
        self.gap = gap
        self.count = count
        self.prev = prev
        self.payload = payload

    def header(self) -> bytes:
        """The header's bytes."""
        return struct.pack(
            _HEADER,
            MAGIC,
            self.kind,
            self.flags,
            self.rate_hz,
            self.recording.pack(),
            self.index,
            self.first_sample,
            self.heard_ms,
            self.gap,
            self.count,
            len(self.payload),
            self.prev,
        )

    def pack(self) -> bytes:
        """All bytes."""
        return self.header() + self.payload


def unpack(data: bytes | bytearray | memoryview) -> Chunk:
    """The chunk at the beginning of `data`. Raises RecordingError."""
    if len(data) < HEADER_BYTES:
        raise RecordingError("%d bytes are no chunk" % len(data))
    facts = struct.unpack_from(_HEADER, data)
    magic, kind, flags, rate_hz, recording = facts[:5]
    index, first_sample, heard_ms, gap, count, length, prev = facts[5:]
    end = HEADER_BYTES + length
    if magic != MAGIC or kind not in (DATA, FINAL) or len(data) < end:
        raise RecordingError("not a chunk, or cut short")
    payload = bytes(data[HEADER_BYTES:end])
    recording = EventId.unpack(recording)
    return Chunk(
        kind, flags, rate_hz, recording, index, first_sample, heard_ms, gap, count, prev, payload
    )


class Chain:
    """The hash of all chunks so far. `head` is h(n)."""

    def __init__(self, recording: EventId, head: bytes | None = None):
        self.head = head or sha256(START + recording.pack()).digest()

    def add(self, header: bytes, payload: bytes) -> None:
        """The next chunk, in two pieces so that nobody has to join them."""
        self.head = self.after(header, payload)

    def after(self, header: bytes, payload: bytes) -> bytes:
        """What the head will be when this chunk is added."""
        h = sha256(self.head)
        h.update(header)
        h.update(payload)
        return h.digest()


class End:
    """The payload of the FINAL chunk: how it ended, and what it all comes to."""

    def __init__(self, reason: int, chunks: int, samples: int, lost: int, seal: bytes):
        self.reason = reason
        self.chunks = chunks  # before this one
        self.samples = samples  # held by them
        self.lost = lost  # missing between them
        self.seal = seal  # of everything, the rest of this chunk among it

    @classmethod
    def unpack(cls, payload: bytes) -> "End":
        """From a FINAL chunk's payload. Raises RecordingError."""
        if len(payload) != struct.calcsize(_END) + _SEAL_BYTES:
            raise RecordingError("the end has %d bytes" % len(payload))
        reason, chunks, samples, lost = struct.unpack_from(_END, payload)
        return cls(reason, chunks, samples, lost, payload[-_SEAL_BYTES:])


def final(
    chain: Chain,
    recording: EventId,
    rate_hz: int,
    heard_ms: int,
    reason: int,
    chunks: int,
    samples: int,
    lost: int,
    gap: int = 0,
) -> Chunk:
    """The FINAL chunk of a recording whose chunks before it are in the chain.

    `gap` samples are missing between the last of them and the end; they count in `lost`.
    """
    facts = struct.pack(_END, reason, chunks, samples, lost)
    chunk = Chunk(FINAL, 0, rate_hz, recording, chunks, 0, heard_ms, gap, 0,
                  chain.head[:PREV_BYTES], facts + bytes(_SEAL_BYTES))  # fmt: skip
    chunk.payload = facts + chain.after(chunk.header(), facts)
    return chunk


def seal_of(chain: Chain, header: bytes, payload: bytes) -> bytes:
    """What the seal in a FINAL chunk must be, by the chunks before it."""
    return chain.after(header, payload[:-_SEAL_BYTES])
