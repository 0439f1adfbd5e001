"""Carries recordings to the phone: chunk by chunk, after every alert, from where it stopped.

Go-back-N: chunks are sent in order, some ahead of the phone's acknowledgement; when that does not
come, sending begins again behind the last one.
"""

from button.core.wire import AudioPart
from button.services.service import Service

AHEAD_MOST = 4
"""Chunks on their way at the same time: a second of sound."""
AGAIN_AFTER_MS = 3000
PART_LEAST = 64
"""A connection that carries less (MTU 23) streams nothing; recordings stay on flash."""
_PARTS_A_STEP = 8
_BUSY_MS = 20


class Courier(Service):
    """Sends what the shelf keeps, oldest first, then what the recorder has in RAM."""

    def __init__(self, shelf, recorder, link, alerts, clock, log):
        super().__init__()
        self._shelf = shelf
        self._recorder = recorder
        self._link = link
        self._alerts = alerts
        self._clock = clock
        self._log = log
        self._connection = 0
        self._source = None
        self._offset = 0
        self._heard_ms = 0
        recorder.on_chunk = self.wake

    def acknowledged(self, recording, next_index):
        """The phone has all chunks of a recording before this one."""
        self._heard_ms = self._clock.now_ms()
        for kept in self._shelf.kept:
            if kept.recording == recording:
                self._acknowledge(kept, next_index)
        live = self._recorder.live
        if live is not None and live.recording == recording:
            self._acknowledge(live, next_index)
            self._recorder.acknowledged()
        self._recorder.wake()
        self.wake()

    def _acknowledge(self, source, next_index):
        if source is self._source and next_index < source.acked:
            # It asks for what is not here any more: it is another phone, or has lost it.
            source.refused = self._connection
        source.acked = max(source.acked, min(next_index, source.sent_most))
        if source.sent < source.acked:
            source.sent = source.acked
            if source is self._source:
                self._offset = 0  # the rest of a chunk that the phone has is not sent

    def step(self):
        """Send some parts."""
        link = self._link
        if not link.ready or link.room - AudioPart.OVERHEAD < PART_LEAST:
            return None
        self._tidy()
        now_ms = self._clock.now_ms()
        if self._connection != link.connection:
            self._connection = link.connection
            self._restart(now_ms)
        for _ in range(_PARTS_A_STEP):
            source = self._next_source()
            if source is None:
                return None
            if source is not self._source:
                self._source, self._offset = source, 0
            if source.sent - source.acked >= AHEAD_MOST or source.sent >= source.end:
                return self._wait_for_ack(source, now_ms)
            if self._alerts.waiting or not self._send_part(source):
                return _BUSY_MS
        return 0

    def _wait_for_ack(self, source, now_ms):
        wait_ms = self._heard_ms + AGAIN_AFTER_MS - now_ms
        if wait_ms > 0:
            return wait_ms
        source.sent, self._offset = source.acked, 0
        self._heard_ms = now_ms
        return _BUSY_MS

    def _next_source(self):
        for kept in self._shelf.kept:
            if kept.acked < kept.end and kept.refused != self._connection:
                return kept
        live = self._recorder.live
        if live is not None and live.kept is None and live.acked < live.end:
            return live if live.refused != self._connection else None
        return None

    def _send_part(self, source) -> bool:
        pieces = self._pieces(source)
        if pieces is None:
            source.sent = source.acked  # it went to flash meanwhile
            return False
        header, payload = pieces
        total = len(header) + len(payload)
        size = min(self._link.room - AudioPart.OVERHEAD, total - self._offset)
        data = _slice(header, payload, self._offset, size)
        part = AudioPart(source.recording, source.sent, self._offset, total, data)
        if not self._link.send(part):
            return False
        if source.sent == source.acked and self._offset == 0:
            self._heard_ms = self._clock.now_ms()  # from now on an answer is due
        self._offset += size
        if self._offset == total:
            source.sent, self._offset = source.sent + 1, 0
            if source is self._recorder.live:
                source.sent_most = max(source.sent_most, source.sent)
        return True

    def _pieces(self, source):
        if source is self._recorder.live:
            return source.chunk(source.sent)
        try:
            return b"", self._shelf.read(source, source.sent)
        except OSError as e:
            self._log("recording %r cannot be read: %r" % (source.recording, e))
            source.refused = self._connection
            return None

    def _restart(self, now_ms):
        self._heard_ms = now_ms
        self._offset = 0
        for kept in self._shelf.kept:
            kept.sent = kept.acked
        live = self._recorder.live
        if live is not None:
            live.sent = live.acked

    def _tidy(self):
        """Remove a file that the phone has all of."""
        for kept in self._shelf.kept:
            if kept.acked == kept.end and not self._recorder.is_writing(kept):
                try:
                    self._shelf.remove(kept)
                except (OSError, MemoryError) as e:
                    self._log("recordings: flash: %r" % e)
                self._recorder.wake()
                return


def _slice(header, payload, at, size):
    """Bytes `at` to `at + size` of header and payload, joined."""
    end = at + size
    h = len(header)
    if at >= h:
        return bytes(payload[at - h : end - h])
    if end <= h:
        return bytes(header[at:end])
    return bytes(header[at:]) + bytes(payload[: end - h])
