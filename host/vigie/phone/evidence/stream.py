"""The stream of a recording, read the way a suspicious person reads it.

Whatever is wrong is said as a flaw; reading goes on behind it, so that no flaw hides another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from button.core.recording import (
    DATA,
    FINAL,
    HEADER_BYTES,
    MAGIC,
    PREV_BYTES,
    Chain,
    Chunk,
    End,
    RecordingError,
    seal_of,
    unpack,
)

CLOCK_SLACK_MS = 50
"""By so much the button's clock may disagree with the count of samples."""


class Kind(StrEnum):
    """What can be wrong with a stream."""

    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    INSERTED = "inserted"
    CUT_OFF = "cut off"
    GAP = "gap"
    CLOCK = "clock"
    NOT_CLOSED = "not closed"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong, and where, for people."""

    kind: Kind
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}: {self.what}"


@dataclass(slots=True)
class Reading:
    """What a stream holds, and what is wrong with it."""

    chunks: list[Chunk] = field(default_factory=lambda: [])
    end: End | None = None
    head: bytes = b""
    flaws: list[Flaw] = field(default_factory=lambda: [])

    @property
    def data(self) -> list[Chunk]:
        """The chunks with sound, in the order in which they lie in the stream."""
        return [c for c in self.chunks if c.kind == DATA]


def read(stream: bytes) -> Reading:
    """Read a whole stream."""
    reading = Reading()
    reader = _Reader(reading)
    for at, chunk, raw in pieces(stream):
        if chunk is None:
            reader.rubbish(at, raw)
        else:
            reader.take(at, chunk, raw)
    reader.close()
    return reading


def pieces(stream: bytes) -> Iterator[tuple[int, Chunk | None, bytes]]:
    """Chunks, and stretches of bytes that are none, with their places."""
    at = 0
    while at < len(stream):
        try:
            chunk = unpack(stream[at : at + HEADER_BYTES + 0xFFFF])
        except RecordingError:
            again = stream.find(MAGIC, at + 1)
            end = again if again >= 0 else len(stream)
            yield at, None, stream[at:end]
            at = end
        else:
            end = at + HEADER_BYTES + len(chunk.payload)
            yield at, chunk, stream[at:end]
            at = end


class _Reader:
    """Checks one chunk against those before it."""

    def __init__(self, reading: Reading):
        self._reading = reading
        self._chain: Chain | None = None
        self._is_broken = False
        self._expected = 0
        self._missing: set[int] = set()
        self._seen: set[int] = set()
        self._samples = 0
        self._lost = 0
        self._next_sample = 0
        self._offset_ms: float | None = None

    def rubbish(self, at: int, raw: bytes) -> None:
        """Bytes that are no chunk."""
        self._flaw(Kind.CHANGED, at, f"{len(raw)} bytes are no chunk: damaged, or put in")

    def take(self, at: int, chunk: Chunk, raw: bytes) -> None:
        """The next chunk."""
        reading = self._reading
        if self._chain is None:
            self._chain = Chain(chunk.recording)
        elif reading.chunks and chunk.recording != reading.chunks[0].recording:
            self._flaw(Kind.INSERTED, at, f"chunk {chunk.index} is of another recording")
            return
        if reading.end is not None:
            self._flaw(Kind.INSERTED, at, f"chunk {chunk.index} behind the last one")
            return
        self._check_place(at, chunk)
        if chunk.prev != self._chain.head[:PREV_BYTES] and not self._is_broken:
            self._is_broken = True  # and will be until the end: that need not be said again
            what = f"chunk {chunk.index} does not follow from what is before it: one of the two"
            after = "and whether those after them are cannot be known"
            self._flaw(Kind.CHANGED, at, f"{what} is not as it was recorded, {after}")
        if chunk.kind == FINAL:
            self._check_end(at, chunk, raw)
            if chunk.gap:
                self._flaw(
                    Kind.GAP, at, f"{chunk.gap} samples before the end were lost in the button"
                )
        else:
            self._check_sound(at, chunk)
        self._chain.add(raw[:HEADER_BYTES], raw[HEADER_BYTES:])
        reading.chunks.append(chunk)

    def close(self) -> None:
        """There is no more."""
        reading = self._reading
        for index in sorted(self._missing):
            self._flaw(Kind.MISSING, None, f"chunk {index} is not there")
        if reading.end is None:
            last = reading.chunks[-1].index if reading.chunks else None
            what = "nothing" if last is None else f"chunk {last} is the last"
            self._flaw(Kind.NOT_CLOSED, None, f"{what}: cut off, or the button stopped before")
        reading.head = self._chain.head if self._chain else b""

    def _check_place(self, at: int, chunk: Chunk) -> None:
        index = chunk.index
        if index in self._missing:
            self._missing.discard(index)
            self._flaw(Kind.MOVED, at, f"chunk {index} stands behind later ones")
        elif index in self._seen:
            self._flaw(Kind.INSERTED, at, f"chunk {index} is there a second time")
        elif index - self._expected > 1_000_000:
            self._flaw(Kind.CHANGED, at, f"chunk number {index} cannot be")
            index = self._expected
        elif index > self._expected:
            self._missing.update(range(self._expected, index))
        self._seen.add(index)
        self._expected = max(self._expected, index + 1)

    def _check_sound(self, at: int, chunk: Chunk) -> None:
        if chunk.gap:
            seconds = chunk.gap / max(1, chunk.rate_hz)
            what = f"{chunk.gap} samples ({seconds:.3f} s) before chunk {chunk.index}"
            self._flaw(Kind.GAP, at, f"{what} were lost in the button")
        if chunk.first_sample != self._next_sample + chunk.gap:
            self._flaw(
                Kind.CLOCK, at, f"chunk {chunk.index} begins at sample {chunk.first_sample}, not "
                f"{self._next_sample + chunk.gap}",
            )  # fmt: skip
        self._next_sample = chunk.first_sample + chunk.count
        self._samples += chunk.count
        self._lost += chunk.gap
        expected_ms = 1000 * chunk.first_sample / max(1, chunk.rate_hz)
        if self._offset_ms is None:
            self._offset_ms = chunk.heard_ms - expected_ms
        off_ms = chunk.heard_ms - expected_ms - self._offset_ms
        if abs(off_ms) > CLOCK_SLACK_MS:
            self._flaw(
                Kind.CLOCK, at, f"chunk {chunk.index} was heard {off_ms:.0f} ms off the count of "
                "samples",
            )  # fmt: skip
            self._offset_ms += off_ms

    def _check_end(self, at: int, chunk: Chunk, raw: bytes) -> None:
        reading = self._reading
        assert self._chain is not None
        try:
            end = End.unpack(chunk.payload)
        except RecordingError as e:
            self._flaw(Kind.CHANGED, at, f"the last chunk: {e}")
            return
        reading.end = end
        seal = seal_of(self._chain, raw[:HEADER_BYTES], chunk.payload)
        found = (chunk.index, self._samples, self._lost + chunk.gap, seal)
        said = (end.chunks, end.samples, end.lost, end.seal)
        if found != said:
            there = (
                f"{len(self._seen) - 1} chunks and {self._samples} samples that come to "
                f"{seal.hex()[:16]}"
            )
            self._flaw(
                Kind.CHANGED, at, f"the last chunk tells of {end.chunks} chunks and {end.samples} "
                f"samples that come to {end.seal.hex()[:16]}; what is there are {there}",
            )  # fmt: skip

    def _flaw(self, kind: Kind, at: int | None, what: str) -> None:
        where = "stream" if at is None else f"byte {at:,}"
        self._reading.flaws.append(Flaw(kind, where, what))
