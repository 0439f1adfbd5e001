"""The recording that is being made: its chain, and its chunks that are in RAM alone."""

from button.core.recording import Chain

UNSAVED_MOST_MS = 1500
"""What was heard so long ago and is not with the phone goes to flash, all of it at once: a cut of
power costs less than 2 s, and littlefs erases least for few and long writes."""


class Unsaved:
    """A chunk that is in RAM alone."""

    def __init__(self, chunk, header, block, before, due_ms):
        self.chunk = chunk
        self.header = header
        self.block = block  # of the ring; None for the last chunk
        self.before = before  # counts and hash before it
        self.due_ms = due_ms  # when it has to go to flash


class Live:
    """The recording that is being made. As a source of chunks: those in RAM.

    It ends in two steps: `ending` says why as soon as nothing more shall be heard; `closed` when
    its last chunk has been made.
    """

    def __init__(self, recording, rate_hz, first_block, press_block, ends_ms):
        self.recording = recording
        self.rate_hz = rate_hz
        self.next_block = first_block
        self.press_block = press_block
        self.last_block = None  # the first block that is not of it any more, once that is known
        self.origin = None  # position of its first sample, once there is one
        self.chain = Chain(recording)
        self.samples = 0
        self.lost = 0
        self.lost_at_end = 0
        self.end = self.acked = self.sent = self.sent_most = 0
        self.refused = 0
        self.unsaved = []
        self.waited_most = 0  # chunks that were in RAM alone at a time
        self.kept = None  # the file that it goes on in, if there is one
        self.ending = None  # type: int | None
        self.closed = False
        self.ends_ms = ends_ms

    def chunk(self, index):
        """(header, payload) of a chunk in RAM; None if it is not there."""
        i = index - (self.end - len(self.unsaved))
        if not 0 <= i < len(self.unsaved):
            return None
        return self.unsaved[i].header, self.unsaved[i].chunk.payload

    def seal(self, chunk, block, now_ms):
        """Take the next chunk. Raises MemoryError, and has changed nothing then."""
        header = chunk.header()
        head = self.chain.after(header, chunk.payload)
        before = (self.samples, self.lost, self.chain.head)
        age_ms = (now_ms - chunk.heard_ms) & 0xFFFFFFFF
        due_ms = now_ms + UNSAVED_MOST_MS - age_ms
        self.unsaved.append(Unsaved(chunk, header, block, before, due_ms))
        self.chain.head = head
        self.samples += chunk.count
        self.lost += chunk.gap
        self.end += 1
        self.waited_most = max(self.waited_most, len(self.unsaved))
