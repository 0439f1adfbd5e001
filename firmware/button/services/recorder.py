"""Recordings in the making: blocks of the ring become chunks, kept in RAM or on flash."""

from button.core.recording import (
    BEFORE_PRESS,
    DATA,
    END_NAMES,
    MICROPHONE_FAILED,
    PREV_BYTES,
    STOPPED,
    STORAGE_FULL,
    Chain,
    Chunk,
    final,
)
from button.services.service import Service

RECORD_FOR_MS = 600000
"""A recording ends by itself after ten minutes; another gesture gives it its time again."""
UNSAVED_MOST_MS = 1500
"""What was heard so long ago and is not with the phone goes to flash, all of it at once: a cut of
power costs less than 2 s, and littlefs erases least for few and long writes."""
UNSAVED_MOST = 8
"""Chunks that are made of blocks at a time; each costs half a kilobyte besides its block."""
LISTEN_AGAIN_MS = 60000
_AGAIN_MS = 20


class _Unsaved:
    """A chunk that is in RAM alone."""

    def __init__(self, chunk, header, payload, block, before, due_ms):
        self.chunk = chunk
        self.header = header
        self.payload = payload
        self.block = block  # of the ring; None for the last chunk
        self.before = before  # hash and counts before it
        self.due_ms = due_ms  # when it has to go to flash


class Live:
    """The recording that is being made. As a source of chunks: those in RAM."""

    def __init__(self, recording, rate_hz, first_block, press_block, origin):
        self.recording = recording
        self.rate_hz = rate_hz
        self.next_block = first_block
        self.press_block = press_block
        self.origin = origin  # position of its first sample; None until there is one
        self.chain = Chain(recording)
        self.samples = 0
        self.lost = 0
        self.end = self.acked = self.sent = 0
        self.unsaved = []
        self.waited_most = 0  # chunks that were in RAM alone at a time
        self.kept = None  # its file, once it has one
        self.closed = False
        self.ends_ms = 0

    def chunk(self, index):
        """(header, payload) of a chunk in RAM; None if it is not there."""
        i = index - (self.end - len(self.unsaved))
        if not 0 <= i < len(self.unsaved):
            return None
        return self.unsaved[i].header, self.unsaved[i].payload


class Recorder(Service):
    """Begins and ends recordings, makes their chunks, and moves them to flash when need be.

    With a pre-roll the ring always holds the last seconds; they are the first that go to flash.
    `on_change(failed)` hears when it begins or ends, and whether that is a failure.
    """

    def __init__(self, capture, ring, shelf, clock, log, rate_hz, preroll_blocks, on_change):
        super().__init__()
        self._capture = capture
        self._ring = ring
        self._shelf = shelf
        self._clock = clock
        self._log = log
        self._rate_hz = rate_hz
        self._preroll_blocks = preroll_blocks
        self._on_change = on_change
        self._now_ms = clock.now_ms
        self._listen_again_ms = None
        self._writing = None  # to flash, under way
        self._writing_until = 0
        self._next = None  # the event to record for as soon as the last recording is kept
        self.live = None  # type: Live | None
        self.microphone_failed = False
        self.on_chunk = lambda: None  # the courier wants to know

    @property
    def recording(self) -> bool:
        """Whether what is heard is being recorded."""
        return self.live is not None and not self.live.closed

    def load(self):
        """Begin: what an earlier boot left is on the shelf, and a pre-roll listens from now on."""
        try:
            self._shelf.load()
        except (OSError, MemoryError) as e:
            self._log("recordings: flash: %r" % e)
        self._capture.want(self._preroll_blocks > 0)

    def start(self, recording):
        """Record for this event. A recording that is under way goes on, with its full time."""
        live = self.live
        if live is not None:
            if live.closed:
                self._next = recording
            else:
                live.ends_ms = self._now_ms() + RECORD_FOR_MS
            return
        ring = self._ring
        self._capture.cut()
        first = max(ring.first, ring.end - self._preroll_blocks)
        self.live = Live(recording, self._rate_hz, first, ring.end, None)
        self.live.ends_ms = self._now_ms() + RECORD_FOR_MS
        ring.release(first)
        ring.protected = True
        self._capture.want(True)
        self._log("recording %r" % recording)
        self._on_change(False)
        self.wake()

    def stop(self, reason=STOPPED):
        """End the recording with what has been heard so far."""
        live = self.live
        if live is None or live.closed:
            return
        self._capture.cut()
        self._seal_blocks(live, self._ring.size)
        chunk = final(live.chain, live.recording, live.rate_hz, self._now_ms(), reason,
                      live.end, live.samples, live.lost)  # fmt: skip
        self._seal(live, chunk, chunk.payload, None)
        live.closed = True
        self._capture.want(self._preroll_blocks > 0)
        self._log(
            "recording %r ended: %s; %d samples lost, %d chunks waited in RAM at most"
            % (live.recording, END_NAMES[reason], live.lost, live.waited_most)
        )
        self._on_change(reason != STOPPED)
        self.wake()

    def heard(self):
        """The capture has finished a block."""
        if self.microphone_failed:
            self.microphone_failed = False
            self._on_change(False)
        self.wake()

    def broken(self):
        """The capture cannot hear anything."""
        is_news = not self.microphone_failed
        self.microphone_failed = True
        if self._preroll_blocks:
            self._listen_again_ms = self._now_ms() + LISTEN_AGAIN_MS
            self.wake()
        if self.recording:
            self.stop(MICROPHONE_FAILED)
        elif is_news:
            self._on_change(True)

    def acknowledged(self):
        """The phone has more chunks: all before `live.acked`."""
        live = self.live
        if live is not None and self._writing is None:  # else their memory is still needed
            self._drop_unsaved(live, live.acked)
            self._done(live)

    def step(self):
        """Seal what was heard, keep what the phone does not take."""
        live = self.live
        if live is None:
            return self._wait_for_microphone()
        now_ms = self._now_ms()
        if live.kept is not None and live.kept not in self._shelf.kept:
            live.kept = None  # the phone has caught up: back to RAM
        if not live.closed:
            self._seal_blocks(live, UNSAVED_MOST)
            if now_ms >= live.ends_ms:
                self.stop()
        if self._must_keep(live, now_ms):
            self._keep(live)
            return 0 if live.unsaved else _AGAIN_MS
        self._done(live)
        if self.live is not live:
            return 0 if self.live else None
        wait_ms = live.ends_ms - now_ms if not live.closed else None
        if live.unsaved:
            due_ms = max(0, live.unsaved[0].due_ms - now_ms)
            wait_ms = due_ms if wait_ms is None else min(wait_ms, due_ms)
        return wait_ms

    def _wait_for_microphone(self):
        """A pre-roll that broke is tried again from time to time."""
        if self._listen_again_ms is None:
            return None
        wait_ms = self._listen_again_ms - self._now_ms()
        if wait_ms > 0:
            return wait_ms
        self._listen_again_ms = None
        self._capture.want(True)
        return None

    def _must_keep(self, live, now_ms):
        if self._writing is not None:
            return True
        if not live.unsaved:
            return False
        # What follows on flash goes to flash; the last chunk need not wait.
        return now_ms >= live.unsaved[0].due_ms or (live.closed and live.kept is not None)

    def _keep(self, live):
        """Move what is in RAM to flash in one write, a piece each time it is called."""
        try:
            if self._writing is None:
                if not self._begin_to_keep(live):
                    self.stop(STORAGE_FULL)
                    return
            for _ in self._writing:  # type: ignore  # a generator by now
                return  # let others have a turn
            self._writing = None
            self._drop_unsaved(live, self._writing_until)
        except (OSError, MemoryError) as e:
            self._writing = None
            self._log("recording: flash: %r" % e)
            # Try again later; the phone may come first.
            live.unsaved[0].due_ms = self._now_ms() + UNSAVED_MOST_MS
        self.on_chunk()

    def _begin_to_keep(self, live) -> bool:
        unsaved = live.unsaved
        # With room left for what is being heard meanwhile.
        if not live.closed and not self._shelf.has_room(len(unsaved) + UNSAVED_MOST):
            return False
        first = unsaved[0]
        if live.kept is None or live.kept.full:
            live.kept = self._shelf.begin(live.recording, live.rate_hz, first.chunk.index,
                                          *first.before)  # fmt: skip
        chunks = [(u.chunk, u.header, u.payload) for u in unsaved]
        self._writing_until = first.chunk.index + len(chunks)
        self._writing = self._shelf.adding(live.kept, chunks)
        return True

    def _drop_unsaved(self, live, until):
        while live.unsaved and live.unsaved[0].chunk.index < until:
            item = live.unsaved.pop(0)
            if item.block is not None:
                self._ring.release(item.block + 1)

    def _done(self, live):
        """Forget a recording that is closed and safe."""
        if live.closed and not live.unsaved:
            self.live = None
            self._ring.protected = False
            if self._next is not None:
                recording, self._next = self._next, None
                self.start(recording)

    def _seal_blocks(self, live, most):
        """Make chunks of the blocks that were heard, until `most` wait in RAM."""
        ring = self._ring
        while live.next_block < ring.end and len(live.unsaved) < most:
            block = live.next_block
            position, heard_ms, gap, count = ring.facts(block)
            if live.origin is None:
                live.origin = position
                gap = 0
            chunk = Chunk(
                DATA,
                BEFORE_PRESS if block < live.press_block else 0,
                live.rate_hz,
                live.recording,
                live.end,
                position - live.origin,
                heard_ms,
                gap,
                count,
                live.chain.head[:PREV_BYTES],
                ring.payload(block),
            )
            self._seal(live, chunk, chunk.payload, block)
            live.next_block += 1

    def _seal(self, live, chunk, payload, block):
        header = chunk.header()
        before = (live.samples, live.lost, live.chain.head)
        live.chain.add(header, payload)
        live.samples += chunk.count
        live.lost += chunk.gap
        live.end += 1
        due_ms = chunk.heard_ms + UNSAVED_MOST_MS
        live.unsaved.append(_Unsaved(chunk, header, payload, block, before, due_ms))
        live.waited_most = max(live.waited_most, len(live.unsaved))
        self.on_chunk()
