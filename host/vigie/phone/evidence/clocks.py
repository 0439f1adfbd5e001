"""When a recording came in and how the button's clock runs against the phone's, kept beside it.

All that is known of the difference are upper bounds: a message that says a time of the button has
been on its way for a while. The least of them is the best.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FILE = "clocks.json"
"""Beside a stream until its recording is closed, so that a phone that starts again knows it."""
KEEP_EVERY = timedelta(seconds=5)
_WORTH_KEEPING_MS = 100


@dataclass(slots=True)
class Clocks:
    """Of one recording.

    first_at, last_at: when its first and its latest chunk came.
    quickest_ms: when the button was switched on, in ms since 1970, by its quickest chunk.
    booted_ms: the same, by what the button said of its uptime; None if it was never met.
    """

    first_at: datetime | None = None
    last_at: datetime | None = None
    quickest_ms: int | None = None
    booted_ms: int | None = None

    def chunk_came(self, now: datetime, heard_ms: int | None) -> None:
        """A chunk came: with sound that was heard then, or without."""
        self.first_at = self.first_at or now
        self.last_at = now
        if heard_ms is not None:
            self.quickest_ms = _least(self.quickest_ms, _ms(now) - heard_ms)

    def met(self, booted_at: datetime) -> None:
        """The button said how long it has been running."""
        self.booted_ms = _least(self.booted_ms, _ms(booted_at))

    def tell_more_than(self, kept: "Clocks") -> bool:
        """Whether they are worth writing down again."""
        if self.last_at is None:
            return False
        if kept.last_at is None or self.last_at - kept.last_at >= KEEP_EVERY:
            return True
        if self.is_latest != kept.is_latest or self.apart_ms is None or kept.apart_ms is None:
            return self.apart_ms != kept.apart_ms or self.is_latest != kept.is_latest
        return kept.apart_ms - self.apart_ms >= _WORTH_KEEPING_MS

    @property
    def apart_ms(self) -> int | None:
        """The button's clock is so far behind the phone's, at most."""
        return min((ms for ms in (self.quickest_ms, self.booted_ms) if ms is not None),
                   default=None)  # fmt: skip

    @property
    def is_latest(self) -> bool:
        """Whether nothing but the delivery tells of the time: it may have waited before that."""
        return self.booted_ms is None

    def begun_at(self, heard_from_ms: int | None) -> datetime | None:
        """When that was by the phone's clock, at the latest."""
        if self.apart_ms is None or heard_from_ms is None or self.first_at is None:
            return self.first_at
        begun = datetime.fromtimestamp(0, UTC) + timedelta(
            milliseconds=heard_from_ms + self.apart_ms
        )
        return min(begun.astimezone(self.first_at.tzinfo), self.first_at)


def write(clocks: Clocks, folder: Path) -> None:
    """Keep it. Raises OSError."""
    fields = {
        k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(clocks).items()
    }
    part = folder / (FILE + ".part")
    part.write_text(json.dumps(fields) + "\n", encoding="utf-8")
    part.replace(folder / FILE)


def read(folder: Path) -> Clocks:
    """What was kept; what is not there or damaged is not known."""
    try:
        fields: Any = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Clocks(
            _known(fields["first_at"], datetime.fromisoformat),
            _known(fields["last_at"], datetime.fromisoformat),
            _known(fields["quickest_ms"], int),
            _known(fields["booted_ms"], int),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return Clocks()


def _known(value: Any, read: Callable[[Any], Any]) -> Any:
    return None if value is None else read(value)


def _least(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
