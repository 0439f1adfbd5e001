"""Recordings that wait on flash for the phone: files of whole chunks, in their order.

A file holds a part of a recording, so that the flash of what the phone has can be used again while
the recording goes on. It begins with what its first chunk follows from, so that a chain that was
partly sent before can be closed after a loss of power.
"""

import struct
from array import array

from button.core.recording import (
    CHUNK_MOST,
    END_NAMES,
    FINAL,
    HEADER_BYTES,
    INTERRUPTED,
    Chain,
    RecordingError,
    final,
    unpack,
)
from button.core.wire import EventId

_HEAD = "<4s10sHIII32s"
_HEAD_BYTES = struct.calcsize(_HEAD)
_MAGIC = b"VIGF"
_PREFIX = "rec-"
CHUNKS_MOST = 48
"""In a file: twelve seconds at 16 kHz."""
FILES_MOST = 16
"""Each costs some of the heap, as long as the phone is away."""


class Kept:
    """A part of a recording, in one file.

    Chunks `first` to `end` - 1 are in the file; the phone has those before `acked`; those before
    `sent` have been sent on this connection. `chain` and the counts are those after the last one.
    """

    def __init__(self, name, recording, rate_hz, first, samples, lost, head):
        self.name = name
        self.recording = recording
        self.rate_hz = rate_hz
        self.first = self.end = self.acked = self.sent = first
        self.samples = samples
        self.lost = lost
        self.chain = Chain(recording, head)
        self._ends = array("I", [_HEAD_BYTES])  # where each chunk ends, and the head
        self.closed = False
        self.refused = 0  # the connection on which it cannot be sent
        self.torn = False  # something that is not counted may follow in the file

    def head(self) -> bytes:
        """The file's head."""
        return struct.pack(
            _HEAD,
            _MAGIC,
            self.recording.pack(),
            self.rate_hz,
            self.first,
            self.samples,
            self.lost,
            self.chain.head,
        )

    def offset(self, index) -> int:
        """Where a chunk begins in the file."""
        return self._ends[index - self.first]

    @property
    def sent_most(self) -> int:
        """What a phone can know: it may have heard all of it on earlier connections."""
        return self.end

    @property
    def size(self) -> int:
        """Of the file."""
        return self._ends[-1]

    @property
    def full(self) -> bool:
        """Whether the next chunks go to another file."""
        return self.end - self.first >= CHUNKS_MOST

    def count(self, chunk, header, payload):
        """The next chunk is in the file."""
        self.chain.add(header, payload)
        self._ends.append(self.size + len(header) + len(payload))
        self.end += 1
        self.samples += chunk.count
        self.lost += chunk.gap
        self.closed = chunk.kind == FINAL


class Shelf:
    """The files. Methods may raise OSError."""

    def __init__(self, store, log, quota_bytes, reserve_bytes):
        self._store = store
        self._log = log
        self._quota_bytes = quota_bytes
        self._reserve_bytes = reserve_bytes
        self._buffer = bytearray(CHUNK_MOST)
        self._held = (None, -1, 0)  # what is in the buffer: file, chunk, bytes
        self._number = 0
        self._free_bytes = None  # for recordings; counted when it is not known
        self.kept = []  # oldest first

    def load(self):
        """Take over what an earlier boot left, closing what it could not close."""
        try:
            self._store.sweep(_PREFIX)
        except OSError as e:
            self._log("recordings: %r" % e)
        for name in sorted(self._store.names(_PREFIX)):
            self._number = max(self._number, int(name[len(_PREFIX) :]))
            try:
                kept = self._open(name)
                if kept is None:
                    self._store.remove(name)
                else:
                    self.kept.append(kept)
            except (OSError, MemoryError) as e:  # one that cannot be read keeps no other
                self._log("recording %s: %r" % (name, e))
        for i, kept in enumerate(self.kept):
            if not kept.closed and kept.recording not in [k.recording for k in self.kept[i + 1 :]]:
                self._interrupted(kept)

    def begin(self, recording, rate_hz, first, samples, lost, head):
        """A file for the chunks of a recording from `first` on."""
        self._number += 1  # never one that was there in this boot
        name = "%s%06d" % (_PREFIX, self._number)
        kept = Kept(name, recording, rate_hz, first, samples, lost, head)
        self._store.replace(kept.name, (kept.head(),))
        self.kept.append(kept)
        return kept

    def has_room(self, chunks, in_new_file=False) -> bool:
        """Whether so many more chunks may be kept; the journal's room is not ours."""
        if in_new_file and len(self.kept) >= FILES_MOST:
            return False
        if self._free_bytes is None:
            used = sum([k.size for k in self.kept])
            free = self._store.free_bytes() - self._reserve_bytes
            self._free_bytes = min(self._quota_bytes - used, free)
        return self._free_bytes >= chunks * CHUNK_MOST

    def adding(self, kept, chunks):
        """Keep the next chunks, (chunk, header, payload) each, piece by piece: a generator.

        On flash when it has come to its end, all of them; before that, none.
        """
        if chunks[0][0].index != kept.end:
            raise OSError(22, "chunks %d and %d" % (kept.end, chunks[0][0].index))
        if kept.torn:
            self._store.replace(kept.name, self._whole(kept))
        kept.torn = True
        yield from self._store.appending(kept.name, _pieces(chunks))
        kept.torn = False
        before = kept.size
        for chunk, header, payload in chunks:
            kept.count(chunk, header, payload)
        if self._free_bytes is not None:
            self._free_bytes -= kept.size - before

    def read(self, kept, index) -> memoryview:
        """A chunk's bytes; good until the next call."""
        if self._held[:2] != (kept.name, index):
            self._held = (None, -1, 0)
            at = kept.offset(index)
            n = self._store.read_at(kept.name, at, self._buffer)
            self._held = (kept.name, index, min(n, kept.offset(index + 1) - at))
        return memoryview(self._buffer)[: self._held[2]]

    def remove(self, kept):
        """The phone has all of it. If that fails, the next boot sends it again."""
        self.kept.remove(kept)
        self._free_bytes = None
        self._store.remove(kept.name)

    def _open(self, name):
        head = bytearray(_HEAD_BYTES)
        if self._store.read_at(name, 0, head) < _HEAD_BYTES or head[:4] != _MAGIC:
            self._log("recording %s is no recording" % name)
            return None
        _, recording, *facts = struct.unpack(_HEAD, head)
        kept = Kept(name, EventId.unpack(recording), *facts)
        torn = self._count(kept)
        if kept.end == kept.first and not torn:
            return None  # nothing had been kept yet
        kept.torn = torn  # put right before something is added
        return kept

    def _count(self, kept) -> bool:
        """Count the whole chunks of a file; whether something else follows them."""
        while not kept.closed:
            n = self._store.read_at(kept.name, kept.offset(kept.end), self._buffer)
            if n == 0:
                return False
            try:
                chunk = unpack(memoryview(self._buffer)[:n])
            except RecordingError:
                return True
            if chunk.index != kept.end:
                return True
            kept.count(chunk, self._buffer[:HEADER_BYTES], chunk.payload)
        return False

    def _whole(self, kept):
        """The pieces of a file without what is behind its last whole chunk."""
        head = bytearray(_HEAD_BYTES)
        self._store.read_at(kept.name, 0, head)
        yield head
        for index in range(kept.first, kept.end):
            yield self.read(kept, index)

    def _interrupted(self, kept):
        chunk = final(kept.chain, kept.recording, kept.rate_hz, 0, INTERRUPTED,
                      kept.end, kept.samples, kept.lost)  # fmt: skip
        for _ in self.adding(kept, [(chunk, chunk.header(), chunk.payload)]):
            pass
        self._log("recording %r: %s" % (kept.recording, END_NAMES[INTERRUPTED]))


def _pieces(chunks):
    for _, header, payload in chunks:
        yield header
        yield payload
