"""The journal of alerts on flash: what a record is, and what a file of records means.

Records have one size and a checksum. An ALERT is appended before its alert goes on the air, an
ACKED after the phone has taken it; a file without pending alerts is removed. What does not check
is the torn end of the last write: nothing had been promised yet.
"""

import struct
from binascii import crc32

from button.core.wire import EventId

RECORD_SIZE = 36
COMPACT_AFTER = 64
"""Records in the file after which it is written anew with the pending ones alone."""

_ALERT = 0x41
_ACKED = 0x4B
_FORMAT = "<B10sBBHIQ5s"


class Entry:
    """An alert that the phone has not acknowledged.

    `decided_ms` is a moment on the clock `clock_id` (random, and lost with the clock itself), so a
    later boot knows whether it can tell the age.
    """

    def __init__(
        self,
        event_id: EventId,
        kind: int,
        level: int,
        battery_mv: int,
        clock_id: int,
        decided_ms: int,
    ):
        self.event_id = event_id
        self.kind = kind
        self.level = level
        self.battery_mv = battery_mv
        self.clock_id = clock_id
        self.decided_ms = decided_ms


def _record(kind, event_id, *values):
    body = struct.pack(_FORMAT, kind, event_id.pack(), *values, b"")
    return body + struct.pack("<I", crc32(body))


def alert_record(e: Entry) -> bytes:
    """The record that holds an alert."""
    return _record(_ALERT, e.event_id, e.kind, e.level, e.battery_mv, e.clock_id, e.decided_ms)


def acked_record(event_id: EventId) -> bytes:
    """The record that says an alert is the phone's now."""
    return _record(_ACKED, event_id, 0, 0, 0, 0, 0)


class Reader:
    """Takes the records of a file one after the other.

    `pending` are the alerts to send, oldest first; `count` the records. `whole` is False once one
    does not check: it is ignored, those behind it still count, and the file must be written anew
    before anything is appended.
    """

    def __init__(self):
        self.pending: list[Entry] = []
        self.count = 0
        self.whole = True

    def take(self, record: bytes) -> None:
        """The next RECORD_SIZE bytes, or fewer at the end of the file."""
        if len(record) < RECORD_SIZE or _crc(record) != crc32(record[:-4]):
            self.whole = False
            return
        self.count += 1
        kind, event_id, *values, _ = struct.unpack_from(_FORMAT, record)
        event_id = EventId.unpack(event_id)
        if kind == _ALERT:
            self.pending.append(Entry(event_id, *values))
        elif kind == _ACKED:
            self.pending = [e for e in self.pending if e.event_id != event_id]
        else:
            self.whole = False


def _crc(record):
    return struct.unpack_from("<I", record, RECORD_SIZE - 4)[0]
