"""Recordings in the making: blocks of the ring become chunks, kept in RAM or on flash."""

from button.core.recording import (
    BEFORE_PRESS,
    DATA,
    END_NAMES,
    MICROPHONE_FAILED,
    PREV_BYTES,
    STOPPED,
    STORAGE_FULL,
    Chunk,
    final,
)
from button.services.live import UNSAVED_MOST_MS, Live
from button.services.service import Service

RECORD_FOR_MS = 600000
"""A recording ends by itself after ten minutes; another gesture gives it its time again."""
UNSAVED_MOST = 8
"""Chunks that are made of blocks at a time; each costs half a kilobyte besides its block."""
NEXT_WITHIN_MS = 5000
"""An alert that comes while the last recording is being closed waits for that, but no longer."""
LISTEN_AGAIN_MS = 60000
_AGAIN_MS = 20


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
        self._keep_again_ms = 0  # after an error of flash
        self._error = ""
        self._next = None  # the event to record for as soon as the last recording is kept
        self._next_until_ms = 0
        self.live = None  # type: Live | None
        self.microphone_failed = False
        self.on_chunk = lambda: None  # the courier wants to know

    @property
    def recording(self) -> bool:
        """Whether what is heard is being recorded."""
        return self.live is not None and self.live.ending is None

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
        now_ms = self._now_ms()
        if live is not None:
            if live.ending is None:
                live.ends_ms = now_ms + RECORD_FOR_MS
            else:
                self._next = recording
                self._next_until_ms = now_ms + NEXT_WITHIN_MS
                self.wake()
            return
        ring = self._ring
        self._capture.cut()
        self._capture.take_gap()
        first = max(ring.first, ring.end - self._preroll_blocks)
        self.live = Live(recording, self._rate_hz, first, ring.end, now_ms + RECORD_FOR_MS)
        ring.release(first)
        ring.protected = True
        self._capture.want(True)
        self._log("recording %r" % recording)
        self._on_change(False)
        self.wake()

    def stop(self, reason=STOPPED):
        """End the recording with what has been heard so far. Takes no memory."""
        self._next = None
        live = self.live
        if live is None or live.ending is not None:
            return
        live.ending = reason
        self._capture.cut()
        live.lost_at_end = self._capture.take_gap()
        live.last_block = self._ring.end
        self._capture.want(self._preroll_blocks > 0)
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

    def is_writing(self, kept) -> bool:
        """Whether something is being added to this file."""
        live = self.live
        return self._writing is not None and live is not None and live.kept is kept

    def step(self):
        """Seal what was heard, keep what the phone does not take."""
        live = self.live
        now_ms = self._now_ms()
        if live is None:
            return self._wait_for_microphone(now_ms)
        if self._next is not None and now_ms >= self._next_until_ms:
            self._log("recording %r: not begun, the last one is not kept yet" % self._next)
            self._next = None
            self._on_change(True)
        if live.kept is not None and live.kept not in self._shelf.kept:
            live.kept = None  # the phone has caught up: back to RAM
        self._seal_blocks(live, now_ms)
        if live.ending is None and now_ms >= live.ends_ms:
            self.stop()
        if self._must_keep(live, now_ms):
            self._keep(live, now_ms)
            return 0 if self._writing is not None else _AGAIN_MS
        self._done(live)
        if self.live is not live:
            return 0 if self.live else None
        return self._wait_ms(live, now_ms)

    def _wait_ms(self, live, now_ms):
        wait_ms = live.ends_ms - now_ms if live.ending is None else None
        if live.unsaved and not live.closed:
            due_ms = max(_AGAIN_MS, max(live.unsaved[0].due_ms, self._keep_again_ms) - now_ms)
            wait_ms = due_ms if wait_ms is None else min(wait_ms, due_ms)
        if live.closed:
            wait_ms = max(_AGAIN_MS, self._keep_again_ms - now_ms)
        return wait_ms

    def _wait_for_microphone(self, now_ms):
        """A pre-roll that broke is tried again from time to time."""
        if self._listen_again_ms is None:
            return None
        wait_ms = self._listen_again_ms - now_ms
        if wait_ms > 0:
            return wait_ms
        self._listen_again_ms = None
        self._capture.want(True)
        return None

    def _must_keep(self, live, now_ms):
        if self._writing is not None:
            return True
        if not live.unsaved or now_ms < self._keep_again_ms:
            return False
        # What follows on flash goes to flash; the last chunk need not wait.
        return now_ms >= live.unsaved[0].due_ms or (live.closed and live.kept is not None)

    def _keep(self, live, now_ms):
        """Move what is in RAM to flash in one write, a piece each time it is called."""
        try:
            if self._writing is None and not self._begin_to_keep(live):
                # Journal and quota come first. What is in RAM stays there for the phone.
                self.stop(STORAGE_FULL)
                self._keep_again_ms = now_ms + UNSAVED_MOST_MS
                return
            for _ in self._writing:  # type: ignore  # a generator by now
                return  # let others have a turn
            self._writing = None
            self._error = ""
            live.sent_most = max(live.sent_most, self._writing_until)  # from the file, from now on
            self._drop_unsaved(live, self._writing_until)
        except (OSError, MemoryError) as e:
            self._writing = None
            live.kept = None  # what comes next begins another file, wherever the phone is by then
            # Try again later; the phone may come first.
            self._keep_again_ms = self._now_ms() + UNSAVED_MOST_MS
            if repr(e) != self._error:
                self._error = repr(e)
                self._log("recording: flash: " + self._error)
        self.on_chunk()

    def _begin_to_keep(self, live) -> bool:
        """False without room: for this, and for all that one in the making may still come to."""
        unsaved = live.unsaved
        spare = 0 if live.closed else UNSAVED_MOST + 1
        if not self._shelf.has_room(len(unsaved) + spare, live.kept is None):
            return False
        first = unsaved[0]
        if live.kept is None or live.kept.full:
            live.kept = self._shelf.begin(live.recording, live.rate_hz, first.chunk.index,
                                          *first.before)  # fmt: skip
        chunks = [(u.chunk, u.header, u.chunk.payload) for u in unsaved]
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

    def _seal_blocks(self, live, now_ms):
        """Make chunks of the blocks that were heard, until enough wait in RAM."""
        if live.closed:
            return
        ring = self._ring
        until = ring.end if live.last_block is None else live.last_block
        while live.next_block < until and len(live.unsaved) < UNSAVED_MOST:
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
            live.seal(chunk, block, now_ms)
            live.next_block += 1
            self.on_chunk()
        if live.ending is not None and live.next_block >= until:
            self._close(live, now_ms)

    def _close(self, live, now_ms):
        lost = live.lost + live.lost_at_end
        live.seal(
            final(live.chain, live.recording, live.rate_hz, now_ms & 0xFFFFFFFF, live.ending,
                  live.end, live.samples, lost, live.lost_at_end),
            None,
            now_ms,
        )  # fmt: skip
        live.closed = True
        self._log(
            "recording %r ended: %s; %d samples lost, %d chunks waited in RAM at most"
            % (live.recording, END_NAMES[live.ending], live.lost, live.waited_most)
        )
        self.on_chunk()
