"""Alerts: on flash before they are on the air, and repeated until the phone has them."""

from button.core import journal
from button.core.gestures import NAMES, Escalation
from button.core.patterns import FAULT
from button.core.wire import (
    AGE_UNKNOWN,
    FAILED,
    NOT_STORED,
    PHONE_HAS_IT,
    REGISTERED,
    Alert,
    Down,
    EventId,
)
from button.services.service import Service

FAILED_AFTER_MS = 15000
"""An alert that the phone has not taken by then is told to the wearer as failed. It stays
pending."""
RESEND_FIRST_MS = 500
RESEND_MOST_MS = 5000
_BUSY_MS = 20
_FILE = "alerts"
PENDING_MOST = 200
"""More than this many unacknowledged alerts: the oldest goes, and the state says so."""


class _Pending:
    """An alert on its way: the journal's entry and what is known of it in this boot."""

    def __init__(self, entry, decided_ms, stored):
        self.entry = entry
        self.decided_ms = decided_ms  # on this boot's clock; None: it is of an earlier one
        self.stored = stored
        self.resend_ms = RESEND_FIRST_MS
        self.due_ms = 0
        self.failed_told = False


class Alerts(Service):
    """Keeps, sends and resends alerts."""

    def __init__(self, store, system, battery, link, feedback, on_change):
        super().__init__()
        self._store = store
        self._system = system
        self._clock = system.clock
        self._battery = battery
        self._link = link
        self._feedback = feedback
        self._on_change = on_change
        self._log = system.log
        self._escalation = Escalation()
        self._pending = []
        self._records = 0  # in the file
        self._file_is_sound = True
        self._boot_id = system.random(8)
        self._seq = 0
        self._seq_used = True
        self._first_edge_ms = 0
        self._connection = 0  # the one on which the pending alerts are being sent
        self.store_failed = False
        self.dropped = False

    @property
    def boot_id(self):
        """Eight random bytes that name this boot."""
        return self._boot_id

    @property
    def pending(self) -> int:
        """How many alerts the phone has not acknowledged."""
        return len(self._pending)

    def load(self):
        """Take over what an earlier boot left in the journal."""
        reader = journal.Reader()
        try:
            self._store.read(_FILE, journal.RECORD_SIZE, reader.take)
        except OSError as e:
            self._broken(e)
        self._file_is_sound = reader.whole and not self.store_failed
        self._records = reader.count
        self._pending = [_Pending(e, None, True) for e in reader.pending]
        for p in self._pending:
            self._log("pending %s %r" % (NAMES[p.entry.kind], p.entry.event_id))

    def press_began(self, t_us):
        """The first edge of a gesture: tell the phone at once, so that it can get ready."""
        self._first_edge_ms = t_us // 1000
        self._next_seq()
        age_ms = self._clock.now_ms() - self._first_edge_ms
        self._link.send(Down(EventId(self._boot_id, self._seq), age_ms))

    def level(self, kind, t_us) -> int:
        """The level at which a gesture decided at `t_us` acts. Once per gesture."""
        return self._escalation.level(kind, self._first_edge_ms, t_us // 1000)

    def gesture(self, kind, level, t_us):
        """A gesture was decided: keep it, then send it."""
        decided_ms = t_us // 1000
        if self._seq_used:
            self._next_seq()  # a second gesture of one run: a triple that ends as a hold
        self._seq_used = True
        entry = journal.Entry(
            EventId(self._boot_id, self._seq),
            kind,
            level,
            self._battery.read_mv(),
            self._system.clock_id,
            self._system.rtc_ms() - (self._clock.now_ms() - decided_ms),
        )
        if len(self._pending) >= PENDING_MOST:
            self._pending.pop(0)
            self.dropped = True
        p = _Pending(entry, decided_ms, False)
        self._pending.append(p)
        p.stored = self._keep(journal.alert_record(entry))
        self._log("alert %s %r" % (NAMES[level], entry.event_id))
        self._feedback.tell(REGISTERED if p.stored else FAULT, entry.event_id)
        self.wake()

    def acknowledged(self, event_id, tell=True):
        """The phone's outbox holds this alert. `tell` the wearer, unless there is better news."""
        for i, p in enumerate(self._pending):
            if p.entry.event_id == event_id:
                self._pending.pop(i)
                break
        else:
            return
        self._log("acknowledged %r" % event_id)
        if tell:
            self._feedback.tell(PHONE_HAS_IT, event_id)
        if self._pending:
            self._keep(journal.acked_record(event_id))
        else:
            self._forget()
        self._on_change()

    def _next_seq(self):
        if self._seq == 0xFFFF:
            self._boot_id = self._system.random(8)
            self._seq = 0
        self._seq += 1
        self._seq_used = False

    def step(self):
        """Send what is due and see what has waited too long."""
        now_ms = self._clock.now_ms()
        if self._link.ready and self._connection != self._link.connection:
            self._connection = self._link.connection
            for p in self._pending:
                p.due_ms, p.resend_ms = now_ms, RESEND_FIRST_MS
        next_ms = None
        for p in self._pending:
            if self._link.ready:
                if now_ms >= p.due_ms and not self._send(p, now_ms):
                    return _BUSY_MS
                next_ms = p.due_ms if next_ms is None else min(next_ms, p.due_ms)
            if not p.failed_told:
                fails_ms = (p.decided_ms or 0) + FAILED_AFTER_MS
                if now_ms >= fails_ms:
                    p.failed_told = True
                    self._feedback.tell(FAILED, p.entry.event_id)
                else:
                    next_ms = fails_ms if next_ms is None else min(next_ms, fails_ms)
        return None if next_ms is None else max(0, next_ms - now_ms)

    def _send(self, p, now_ms):
        e = p.entry
        age_ms, flags = self._age(p, now_ms)
        if not p.stored:
            flags |= NOT_STORED
        alert = Alert(e.event_id, e.kind, e.level, age_ms, e.battery_mv, flags)
        if not self._link.send(alert):
            return False
        p.due_ms = now_ms + p.resend_ms
        p.resend_ms = min(2 * p.resend_ms, RESEND_MOST_MS)
        return True

    def _age(self, p, now_ms):
        if p.decided_ms is not None:
            return now_ms - p.decided_ms, 0
        age_ms = self._system.rtc_ms() - p.entry.decided_ms
        if p.entry.clock_id == self._system.clock_id and age_ms >= 0:
            return age_ms, 0
        return now_ms, AGE_UNKNOWN  # the clock stopped in between: at least this boot's time

    def _keep(self, record):
        """Append to the journal; False if flash refuses."""
        try:
            if self._file_is_sound and self._records < journal.COMPACT_AFTER:
                self._store.append(_FILE, record)
                self._records += 1
            else:
                # One record after the other: a heap in pieces must not stand in the way.
                records = (journal.alert_record(p.entry) for p in self._pending)
                self._store.replace(_FILE, records)
                self._records = len(self._pending)
                self._file_is_sound = True
        except OSError as e:
            self._broken(e)
            return False
        self.store_failed = False
        return True

    def _forget(self):
        if not self._records:
            return
        try:
            self._store.remove(_FILE)
            self._records = 0
            self._file_is_sound = True
        except OSError as e:
            self._broken(e)

    def _broken(self, error):
        # After a failed write nobody knows what the file ends with.
        self._file_is_sound = False
        self.store_failed = True
        self._log("flash: %r" % error)
        self._on_change()
