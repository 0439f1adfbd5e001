"""The outbox as a file: how it is opened, locked, made durable and recognised.

Journal: write-ahead log with `synchronous = FULL`. A commit is then one fsync of the log (a
rollback journal needs four), and is on the disk when COMMIT returns. `NORMAL` would save that
fsync too and lose the last commits when power fails, after the button was told to forget them.

Lock: exclusive and kept while open. Two phones on one outbox would send everything twice.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from vigie.errors import VigieError
from vigie.phone.sqlite_errors import damaged, explain

Connect = Callable[[Path], sqlite3.Connection]

_APPLICATION_ID = 0x76696765  # "vige"
_VERSION = 3
_LOCK_WAIT_S = 1.0

_MESSAGES = """CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id BLOB NOT NULL REFERENCES alerts (event_id),
        contact TEXT NOT NULL,
        name TEXT NOT NULL,
        channel TEXT NOT NULL CHECK (channel IN ('sms', 'call', 'mail')),
        address TEXT NOT NULL,
        state TEXT NOT NULL CHECK
            (state IN ('queued', 'sending', 'sent', 'delivered', 'seen', 'failed')),
        attempts INTEGER NOT NULL,
        repeat INTEGER NOT NULL CHECK (repeat IN (0, 1)),
        at_ms INTEGER NOT NULL,
        error TEXT,
        subject TEXT,
        text TEXT,
        sent_at_ms INTEGER,
        seen_at_ms INTEGER,
        fingerprint TEXT NOT NULL DEFAULT '',
        UNIQUE (event_id, contact, channel, fingerprint)
    )"""
_OPEN_INDEX = "CREATE INDEX messages_open ON messages (state) WHERE state IN ('queued', 'sending')"

_SCHEMA = (
    """CREATE TABLE alerts (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id BLOB NOT NULL UNIQUE CHECK (length(event_id) = 10),
        kind INTEGER NOT NULL,
        level INTEGER NOT NULL,
        happened_at_ms INTEGER NOT NULL,
        happened_earlier INTEGER NOT NULL CHECK (happened_earlier IN (0, 1)),
        received_at_ms INTEGER NOT NULL,
        battery_mv INTEGER,
        lat REAL,
        lon REAL,
        accuracy_m REAL,
        fixed_at_ms INTEGER,
        told INTEGER
    )""",
    _MESSAGES,
    _OPEN_INDEX,
    f"PRAGMA application_id = {_APPLICATION_ID}",
    f"PRAGMA user_version = {_VERSION}",
)

_FROM_VERSION_1 = (
    "ALTER TABLE messages ADD COLUMN sent_at_ms INTEGER",
    "ALTER TABLE messages ADD COLUMN seen_at_ms INTEGER",
    "UPDATE messages SET sent_at_ms = at_ms WHERE state IN ('sent', 'delivered', 'seen')",
    "UPDATE messages SET seen_at_ms = at_ms WHERE state = 'seen'",
    "DROP INDEX messages_contact",
)
_FROM_VERSION_2 = (
    "ALTER TABLE messages RENAME TO messages_before",
    "DROP INDEX messages_open",
    _MESSAGES,
    _OPEN_INDEX,
    "INSERT INTO messages SELECT *, '' FROM messages_before",
    "DROP TABLE messages_before",
    f"PRAGMA user_version = {_VERSION}",
)
_STEPS = {0: _SCHEMA, 1: _FROM_VERSION_1 + _FROM_VERSION_2, 2: _FROM_VERSION_2}
"""What makes an outbox of today out of one of an earlier version, 0 being none."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection that begins and ends transactions only where told."""
    # Absolute, so that no name means anything else than a file, as ":memory:" would.
    return sqlite3.connect(path.absolute(), timeout=_LOCK_WAIT_S, isolation_level=None)


def open_outbox_file(path: Path, connect: Connect = connect) -> sqlite3.Connection:
    """Open an outbox, or make it. Raises VigieError with what to do."""
    _touch(path)
    try:
        db = connect(path)
        try:
            _prepare(db, path)
        except BaseException:
            db.close()
            raise
    except sqlite3.Error as error:
        raise explain(path, error) from error
    return db


def _touch(path: Path) -> None:
    """Make the file first, for the wearer alone: it will hold positions and numbers."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except IsADirectoryError:
        raise VigieError(f"{path}: is a folder, not an outbox", "Name a file.") from None
    except (FileNotFoundError, NotADirectoryError):
        raise VigieError(
            f"{path}: there is no folder {path.parent}", "Make the folder, or name another."
        ) from None
    except OSError as error:
        raise VigieError(
            f"{path}: cannot be written: {error.strerror}",
            "Give this user the right to write to the file and to its folder.",
        ) from error


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    version = _recognise(db, path)  # before anything is written to a file that may be another's
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA fullfsync = ON")  # on a Mac, fsync alone does not reach the disk
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("BEGIN EXCLUSIVE")
    for statement in _STEPS.get(version, ()):
        db.execute(statement)
    db.execute("COMMIT")
    if not version:
        return  # it is as new as what is in it
    flaw = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if flaw != "ok":
        raise damaged(path, flaw)
    # A process that died between write and fsync may have left alerts that this one can read
    # but that are not on the disk yet. They must be before anyone is told that they are held.
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _recognise(db: sqlite3.Connection, path: Path) -> int:
    """The version of the outbox, 0 for a new file; refuses what is none, or is too new."""
    application_id = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application_id == 0 and version == 0 and tables == 0:
        return 0
    if application_id != _APPLICATION_ID:
        raise damaged(path, "it belongs to another program")
    if version > _VERSION:
        raise VigieError(
            f"{path}: was written by a newer Vigie (version {version}, this one knows {_VERSION})",
            "Update Vigie.",
        )
    return version
