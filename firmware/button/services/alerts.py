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
UNHEARD_FOR_MS = 20000
"""A phone that takes an alert for so long without a word is not there: the link begins anew."""
STORE_AGAIN_FIRST_MS = 5000
STORE_AGAIN_MOST_MS = 60000
_BUSY_MS = 20
_NEVER = 1 << 60
_FILE = "alerts"
PENDING_MOST = 200
"""More than this many unacknowledged alerts: the oldest goes, and the state says so."""


class _Pending:
    """An alert on its way: the journal's entry and what is known of it in this boot."""

    def __init__(self, entry, decided_ms, stored):
        self.entry = entry
        self.decided_ms = decided_ms  # on this boot's clock; None: it is of an earlier one
        self.stored = stored
        self.failed_told = False
        self.restart(0)

    def restart(self, now_ms):
        """Another connection begins."""
        self.resend_ms = RESEND_FIRST_MS
        self.due_ms = now_ms
        self.unheard_since_ms = None


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
        self._store_due_ms = None
        self._store_again_ms = STORE_AGAIN_FIRST_MS
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

    @property
    def waiting(self) -> bool:
        """Whether an alert should be on the air now: everything else gives way."""
        now_ms = self._clock.now_ms()
        for p in self._pending:
            if now_ms >= p.due_ms:
                return True
        return False

    @property
    def first_edge_ms(self) -> int:
        """When the present run of presses began, or the last one."""
        return self._first_edge_ms

    def load(self):
        """Take over what an earlier boot left in the journal, and what it was about."""
        reader = journal.Reader()
        try:
            self._store.read(_FILE, journal.RECORD_SIZE, reader.take)
        except (OSError, MemoryError) as e:
            self._broken(e)
        self._file_is_sound = reader.whole and not self.store_failed
        self._records = reader.count
        self._pending = [_Pending(e, None, True) for e in reader.pending]
        for p in self._pending:
            self._log("pending %s %r" % (NAMES[p.entry.kind], p.entry.event_id))
        if self._pending:
            self._feedback.about(self._pending[-1].entry.event_id)
        elif self._system.rtc.newest:
            self._feedback.about(EventId.unpack(self._system.rtc.newest))

    def press_began(self, t_us):
        """The first edge of a gesture: tell the phone at once, so that it can get ready."""
        self._first_edge_ms = t_us // 1000
        self._next_seq()
        age_ms = max(0, self._clock.now_ms() - self._first_edge_ms)
        self._link.send(Down(EventId(self._boot_id, self._seq), age_ms))

    def level(self, kind, t_us) -> int:
        """The level at which a gesture decided at `t_us` acts. Once per gesture."""
        return self._escalation.level(kind, self._first_edge_ms, t_us // 1000)

    def take_id(self):
        """An event id that nothing else has."""
        if self._seq_used:
            self._next_seq()  # also for a second gesture of one run: a triple that ends as a hold
        self._seq_used = True
        return EventId(self._boot_id, self._seq)

    def gesture(self, event_id, kind, level, t_us):
        """A gesture was decided: keep it, then send it."""
        decided_ms = t_us // 1000
        entry = journal.Entry(
            event_id,
            kind,
            level,
            self._battery.read_mv(),
            self._system.rtc.clock_id,
            self._system.rtc.now_ms() - (self._clock.now_ms() - decided_ms),
        )
        if len(self._pending) >= PENDING_MOST:
            self._pending.pop(0)
            self.dropped = True
        p = _Pending(entry, decided_ms, False)
        self._pending.append(p)
        p.stored = self._keep(journal.alert_record(entry))
        self._system.rtc.newest = entry.event_id.pack()
        self._system.rtc.keep()
        self._log("alert %s %r" % (NAMES[level], entry.event_id))
        self._feedback.registered(REGISTERED if p.stored else FAULT, entry.event_id)
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
        next_ms = self._store_again(now_ms)
        if self._link.ready and self._connection != self._link.connection:
            self._connection = self._link.connection
            for p in self._pending:
                p.restart(now_ms)
        busy = not self._link.ready
        for p in self._pending:
            if not busy:
                busy = now_ms >= p.due_ms and not self._send(p, now_ms)
                next_ms = min(next_ms, now_ms + _BUSY_MS if busy else p.due_ms)
            if not p.failed_told:
                fails_ms = (p.decided_ms or 0) + FAILED_AFTER_MS
                if now_ms >= fails_ms:
                    p.failed_told = True
                    self._feedback.tell(FAILED, p.entry.event_id)
                else:
                    next_ms = min(next_ms, fails_ms)
        return None if next_ms == _NEVER else max(0, next_ms - now_ms)

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
        if p.unheard_since_ms is None:
            p.unheard_since_ms = now_ms
        elif now_ms - p.unheard_since_ms >= UNHEARD_FOR_MS:
            p.unheard_since_ms = None
            self._link.drop("no answer to %r" % e.event_id)
        return True

    def _age(self, p, now_ms):
        if p.decided_ms is not None:
            return now_ms - p.decided_ms, 0
        age_ms = self._system.rtc.now_ms() - p.entry.decided_ms
        if p.entry.clock_id == self._system.rtc.clock_id and age_ms >= 0:
            return age_ms, 0
        return now_ms, AGE_UNKNOWN  # the clock stopped in between: at least this boot's time

    def _store_again(self, now_ms):
        """What flash has refused is offered again from time to time; when is it next?"""
        if self._store_due_ms is None:
            return _NEVER
        if now_ms >= self._store_due_ms:
            self._store_again_ms = min(2 * self._store_again_ms, STORE_AGAIN_MOST_MS)
            newest = self._pending[-1] if self._pending else None
            was_stored = newest is None or newest.stored
            if newest is None:
                self._forget()
            elif self._write_anew() and not was_stored:
                self._feedback.tell(REGISTERED, newest.entry.event_id)
            self._on_change()
        return _NEVER if self._store_due_ms is None else self._store_due_ms

    def _keep(self, record):
        """Append to the journal; False if flash refuses."""
        if not self._file_is_sound or self._records >= journal.COMPACT_AFTER:
            return self._write_anew()
        try:
            self._store.append(_FILE, record)
        except (OSError, MemoryError) as e:
            self._broken(e)
            return False
        self._records += 1
        return True

    def _write_anew(self):
        """Give the journal the pending alerts as its content; False if flash refuses."""
        try:
            # One record after the other: a heap in pieces must not stand in the way.
            records = (journal.alert_record(p.entry) for p in self._pending)
            self._store.replace(_FILE, records)
        except (OSError, MemoryError) as e:
            self._broken(e)
            return False
        self._records = len(self._pending)
        for p in self._pending:
            p.stored = True
        self._sound()
        return True

    def _forget(self):
        if not self._records and self._file_is_sound:
            return
        if not self._file_is_sound and not self._write_anew():
            return
        try:
            self._store.remove(_FILE)
        except (OSError, MemoryError) as e:
            self._broken(e)
            return
        self._records = 0
        self._sound()

    def _sound(self):
        self._file_is_sound = True
        self.store_failed = False
        self._store_due_ms = None
        self._store_again_ms = STORE_AGAIN_FIRST_MS

    def _broken(self, error):
        # After a failed write nobody knows what the file ends with.
        self._file_is_sound = False
        self.store_failed = True
        self._store_due_ms = self._clock.now_ms() + self._store_again_ms
        self._log("flash: %r" % error)
        self._on_change()
        self.wake()
