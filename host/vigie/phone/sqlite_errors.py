"""SQLite's errors in words that say what to do."""

import sqlite3
from pathlib import Path

from vigie.errors import VigieError


def explain(path: Path, error: sqlite3.Error) -> VigieError:
    """What a failed operation means for the person whose phone this is."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    match code & 0xFF:  # the rest tells variants apart
        case sqlite3.SQLITE_FULL:
            return VigieError(f"{path}: the disk is full", "Free some space.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return VigieError(
                f"{path}: is in use by another process",
                "Stop the other phone: two would send every message twice.",
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return damaged(path, str(error))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return VigieError(
                f"{path}: cannot be written",
                "Give this user the right to write to the file and to its folder.",
            )
        case sqlite3.SQLITE_IOERR:
            return VigieError(
                f"{path}: the disk failed: {error}", "Check the disk, or move the outbox."
            )
        case _:
            return VigieError(f"{path}: {error}", "This is a fault in Vigie: please report it.")


def damaged(path: Path, how: str) -> VigieError:
    """The file is not a usable outbox."""
    return VigieError(
        f"{path}: is not an outbox of Vigie, or is damaged: {how}",
        "Move it away, with its -wal file if there is one, and keep both: alerts may be in them.",
    )
