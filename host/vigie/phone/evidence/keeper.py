"""What a phone does about recordings, beside the alerts: none of it may end or delay those."""

import asyncio
import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from button.core.wire import AudioPart, EventId, State
from vigie.phone.evidence.inbox import Inbox
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.records import HeldAlert

SETTLE_EVERY_S = 15.0
"""How often it looks for recordings whose end does not come."""
AROUND = timedelta(seconds=5)
"""An alert so little before or after the sound of a recording is still its alert."""

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """Hears what becomes of recordings."""

    def recording_closed(self, recording: EventId, manifest: Manifest) -> None:
        """It is described; once more if more of it has come."""
        ...

    def follow_up(self, recording: EventId, manifest: Manifest) -> None:
        """The same, of an earlier run: a crash may have come before what was to follow."""
        ...

    def recording_troubled(self, recording: EventId, why: str) -> None:
        """It is not kept or not described now. Said once for each reason."""
        ...


class Keeper:
    """Runs an inbox.

    Args:
        inbox: where recordings go.
        listener: hears what becomes of them.
        wall_clock: date and time.
    """

    def __init__(self, inbox: Inbox, listener: Listener, wall_clock: Callable[[], datetime]):
        self._inbox = inbox
        self._listener = listener
        self._wall_clock = wall_clock
        self._trouble: str | None = None
        self._unsettled = asyncio.Event()
        """Some recording may have no manifest yet."""
        self._unsettled.set()
        self._undescribed = asyncio.Event()
        """Some recording can be described now."""
        inbox.at_once = False
        inbox.on_closed = listener.recording_closed
        inbox.on_trouble = listener.recording_troubled

    def take(self, part: AudioPart) -> int | None:
        """Keep a part: up to which chunk all is on disk, if that is to be told."""
        self._unsettled.set()
        next_index, trouble = None, None
        try:
            next_index = self._inbox.take(part, self._wall_clock())
        except Exception as e:
            trouble = str(e) or repr(e)
            if self._trouble != trouble:
                self._listener.recording_troubled(part.recording, trouble)
        self._trouble = trouble
        if self._inbox.is_due:
            self._undescribed.set()
        return next_index

    def met(self, state: State) -> None:
        """The button says how it is, and for how long it has been running."""
        with _whatever_happens():
            self._inbox.met(state.boot_id, self._wall_clock(), state.uptime_s)

    def tell_again(self) -> None:
        """Tell of all that an earlier run described."""
        with _whatever_happens():
            for recording, manifest in self._inbox.closed():
                with _whatever_happens():
                    self._listener.follow_up(recording, manifest)

    async def settle(self, boot_id: Callable[[], bytes | None]) -> None:
        """For ever: a button that was destroyed in the middle of a recording ends it no more.

        Args:
            boot_id: of the button that is connected; None if none is.
        """
        while True:
            await self._unsettled.wait()
            await asyncio.sleep(SETTLE_EVERY_S)
            with _whatever_happens():
                self._inbox.settle(self._wall_clock(), boot_id())
                self._undescribed.set()
                if self._inbox.all_settled:
                    self._unsettled.clear()

    async def describe(self) -> None:
        """For ever. Ten minutes of sound take most of a second: alerts come in between."""
        while True:
            await self._undescribed.wait()
            self._undescribed.clear()
            with _whatever_happens():
                for _ in self._inbox.describing():
                    await asyncio.sleep(0)


def alerts_in(
    recording: EventId, manifest: Manifest, alerts: Sequence[HeldAlert]
) -> Iterator[EventId]:
    """Alerts of other numbers that fell into a recording, and came while it did.

    One that came while an older recording was delivered at last is not in it.
    """
    read = datetime.fromisoformat
    first_ms, last_ms = (
        1000 * read(at).timestamp() for at in (manifest.received_from, manifest.received_until)
    )
    begun_at = read(manifest.begun_at)
    from_ms = 1000 * (begun_at - AROUND).timestamp()
    until_ms = 1000 * (begun_at + timedelta(seconds=manifest.seconds) + AROUND).timestamp()
    for alert in alerts:
        if alert.event_id.boot_id != recording.boot_id or alert.event_id == recording:
            continue
        came = first_ms <= alert.received_at_ms <= last_ms
        if came and from_ms <= alert.happened_at_ms <= until_ms:
            yield alert.event_id


@contextmanager
def _whatever_happens() -> Generator[None]:
    """The inbox tells its troubles itself; a fault in it must not end the phone either."""
    try:
        yield
    except Exception as fault:
        _log.error("a fault in the keeping of recordings", exc_info=fault)
