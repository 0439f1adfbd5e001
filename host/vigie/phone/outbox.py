"""The outbox: an alert is held here before the button may forget it, and sent from here.

Every change is one transaction, on the disk when the method returns. Calls are synchronous and
short: they run on the event loop.
"""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from button.core.wire import EventId
from vigie.phone.outbox_file import Connect, connect, open_outbox_file
from vigie.phone.records import Draft, HeldAlert, Message, Place
from vigie.phone.sqlite_errors import explain

_ALERT = (
    "event_id, kind, level, happened_at_ms, happened_earlier, received_at_ms, battery_mv,"
    " lat, lon, accuracy_m, fixed_at_ms"
)
_MESSAGE = (
    "id, event_id, contact, name, channel, address, state, attempts, repeat, at_ms, error,"
    " subject, text, sent_at_ms, seen_at_ms, fingerprint"
)


class Outbox:
    """A file of alerts and their messages, held by one process at a time.

    Args:
        path: the file; made when it is not there.
        connect: opens the database, for tests that watch or cripple it.

    Raises:
        VigieError: by the constructor and by every method, when the disk does not do its part.
            What was asked for has then not happened.
    """

    def __init__(self, path: Path, connect: Connect = connect):
        self.path = path
        self._db = open_outbox_file(path, connect)

    def hold(self, alert: HeldAlert, drafts: Sequence[Draft]) -> bool:
        """Hold an alert and all its messages, queued, in one transaction.

        Returns:
            Whether it is new. An event that is held already stays as it is.
        """
        if not drafts:
            raise ValueError("an alert without messages would be acknowledged and reach nobody")
        place = alert.place
        facts = (
            alert.event_id.pack(),
            alert.kind,
            alert.level,
            alert.happened_at_ms,
            alert.happened_earlier,
            alert.received_at_ms,
            alert.battery_mv,
            *((place.lat, place.lon, place.accuracy_m, place.at_ms) if place else (None,) * 4),
        )
        rows = [
            (alert.event_id.pack(), d.contact, d.name, d.channel, d.address, alert.received_at_ms)
            for d in drafts
        ]
        with self._transaction() as db:
            is_new = db.execute(
                f"INSERT INTO alerts ({_ALERT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (event_id) DO NOTHING",
                facts,
            ).rowcount
            if is_new:
                db.executemany(
                    "INSERT INTO messages (event_id, contact, name, channel, address, at_ms,"
                    " state, attempts, repeat) VALUES (?, ?, ?, ?, ?, ?, 'queued', 0, 0)",
                    rows,
                )
        return bool(is_new)

    def follow(
        self, event_id: EventId, drafts: Sequence[Draft], fingerprint: str, at_ms: int
    ) -> None:
        """Hold messages that follow an alert with a recording's fingerprint, each of them once."""
        rows = [
            (event_id.pack(), d.contact, d.name, d.channel, d.address, at_ms, fingerprint)
            for d in drafts
        ]
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO messages (event_id, contact, name, channel, address, at_ms,"
                " fingerprint, state, attempts, repeat)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', 0, 0)"
                " ON CONFLICT DO NOTHING",
                rows,
            )

    def save(self, message: Message, place: Place | None = None) -> None:
        """Write how far a message has come and, with it, the position that it says."""
        with self._transaction() as db:
            db.execute(
                "UPDATE messages SET state = ?, attempts = ?, repeat = ?, at_ms = ?, error = ?,"
                " subject = ?, text = ?, sent_at_ms = ?, seen_at_ms = ? WHERE id = ?",
                (
                    message.state,
                    message.attempts,
                    message.repeat,
                    message.at_ms,
                    message.error,
                    message.subject,
                    message.text,
                    message.sent_at_ms,
                    message.seen_at_ms,
                    message.id,
                ),
            )
            if place:
                db.execute(
                    "UPDATE alerts SET lat = ?, lon = ?, accuracy_m = ?, fixed_at_ms = ?"
                    " WHERE event_id = ?",
                    (place.lat, place.lon, place.accuracy_m, place.at_ms, message.event_id.pack()),
                )

    def alert(self, event_id: EventId) -> HeldAlert | None:
        """The facts of an alert; None when it is not held."""
        rows = self._rows(f"SELECT {_ALERT} FROM alerts WHERE event_id = ?", event_id.pack())
        return _alert(rows[0]) if rows else None

    def alerts(self) -> list[HeldAlert]:
        """All alerts, the oldest first."""
        return [_alert(row) for row in self._rows(f"SELECT {_ALERT} FROM alerts ORDER BY number")]

    def newest_alert(self) -> HeldAlert | None:
        """The alert that came last."""
        rows = self._rows(f"SELECT {_ALERT} FROM alerts ORDER BY number DESC LIMIT 1")
        return _alert(rows[0]) if rows else None

    def message(self, message_id: int) -> Message:
        """One message."""
        (row,) = self._rows(f"SELECT {_MESSAGE} FROM messages WHERE id = ?", message_id)
        return _message(row)

    def messages(self, event_id: EventId) -> list[Message]:
        """The messages of an alert, in the order in which they were planned."""
        return self._messages("WHERE event_id = ? ORDER BY id", event_id.pack())

    def open_messages(self) -> list[Message]:
        """What is queued or being sent, the oldest first."""
        return self._messages("WHERE state IN ('queued', 'sending') ORDER BY id")

    def told(self, event_id: EventId) -> int | None:
        """The last feedback of an alert that the button has heard."""
        rows = self._rows("SELECT told FROM alerts WHERE event_id = ?", event_id.pack())
        return rows[0][0] if rows else None

    def set_told(self, event_id: EventId, feedback: int) -> None:
        """Remember what the button has heard."""
        with self._transaction() as db:
            db.execute(
                "UPDATE alerts SET told = ? WHERE event_id = ?", (feedback, event_id.pack())
            )

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _messages(self, condition: str, *values: Any) -> list[Message]:
        rows = self._rows(f"SELECT {_MESSAGE} FROM messages {condition}", *values)
        return [_message(row) for row in rows]

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise explain(self.path, error) from error

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        """All of it or nothing, and on the disk when it is over."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # some errors have ended it already
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise explain(self.path, error) from error


def _alert(row: tuple[Any, ...]) -> HeldAlert:
    event_id, kind, level, happened, earlier, received, battery_mv, lat, lon, accuracy, at = row
    place = None if at is None else Place(lat, lon, accuracy, at)
    return HeldAlert(
        _event_id(event_id), kind, level, happened, bool(earlier), received, battery_mv, place
    )


def _message(row: tuple[Any, ...]) -> Message:
    message_id, event_id, contact, name, channel, address, state, attempts, repeat, *rest = row
    return Message(
        message_id,
        _event_id(event_id),
        contact,
        name,
        channel,
        address,
        state,
        attempts,
        bool(repeat),
        *rest,
    )


def _event_id(packed: bytes) -> EventId:
    return EventId(packed[:8], int.from_bytes(packed[8:], "little"))
