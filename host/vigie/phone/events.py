"""What happens on the phone, as a record that can be read, shown and waited for."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from button.core.wire import Alert, EventId, State
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.outcome import Outcome

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened at `t_s` of the phone's clock."""

    t_s: float


@dataclass(frozen=True, slots=True)
class LinkUp(Event):
    """The button has been greeted."""


@dataclass(frozen=True, slots=True)
class LinkLost(Event):
    """The connection has ended."""


@dataclass(frozen=True, slots=True)
class LinkTrouble(Event):
    """Something unforeseen broke the link or the search for the button; it is tried again."""

    why: str


@dataclass(frozen=True, slots=True)
class NoBluetooth(Event):
    """This machine cannot search for a button now. Tried again while messages wait."""

    why: str


@dataclass(frozen=True, slots=True)
class PressBegan(Event):
    """DOWN: the position fix warms up."""

    event_id: EventId
    first_edge_s: float


@dataclass(frozen=True, slots=True)
class AlertTaken(Event):
    """The outbox holds an alert. `is_new` is False for one that it held already."""

    alert: Alert
    is_new: bool


@dataclass(frozen=True, slots=True)
class AlertNotTaken(Event):
    """The outbox could not hold an alert, so the button keeps it."""

    alert: Alert
    why: str


@dataclass(frozen=True, slots=True)
class Acknowledged(Event):
    """The button has been told that the outbox holds its alert."""

    event_id: EventId


@dataclass(frozen=True, slots=True)
class OutcomeChanged(Event):
    """An alert has come further."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RecordingClosed(Event):
    """A recording has come in whole, with its last chunk."""

    recording: EventId
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class RecordingNotKept(Event):
    """The disk did not take a part of a recording, so the button keeps it."""

    recording: EventId
    why: str


@dataclass(frozen=True, slots=True)
class ButtonState(Event):
    """The button says how it is."""

    state: State


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """Something came that is no message of the button."""

    why: str


_E = TypeVar("_E", bound=Event)


def _log_fault(error: Exception) -> None:
    _log.error("a fault in who listens to the phone", exc_info=error)


class Transcript:
    """Events in order. `hear` is called with each; a fault in it stops nobody else.

    Attributes:
        on_fault: gets what a listener raises.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.hear: list[Callable[[Event], None]] = []
        self.on_fault: Callable[[Exception], None] = _log_fault
        self._waiters: list[tuple[Callable[[Event], bool], asyncio.Future[Event]]] = []

    def add(self, event: Event) -> None:
        """Something happened."""
        self.events.append(event)
        for hear in list(self.hear):
            try:
                hear(event)
            except Exception as fault:
                self.on_fault(fault)
        for wanted, future in self._waiters:
            try:
                if not future.done() and wanted(event):
                    future.set_result(event)
            except Exception as fault:
                future.set_exception(fault)

    def of(self, kind: type[_E]) -> list[_E]:
        """All events of a kind so far."""
        return [e for e in self.events if isinstance(e, kind)]

    async def saw(
        self,
        kind: type[_E],
        *,
        within_s: float,
        where: Callable[[_E], bool] = lambda e: True,
        since: int = 0,
    ) -> _E:
        """The first such event from `events[since]` on, waiting for it. Raises TimeoutError."""
        for event in self.events[since:]:
            if isinstance(event, kind) and where(event):
                return event
        future: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._waiters.append((lambda e: isinstance(e, kind) and where(e), future))
        try:
            async with asyncio.timeout(within_s):
                event = await future
        except TimeoutError:
            last = "\n  ".join(repr(e) for e in self.events[-8:])
            raise TimeoutError(
                f"no {kind.__name__} within {within_s} s; the last events:\n  {last}"
            ) from None
        finally:
            self._waiters = [w for w in self._waiters if w[1] is not future]
        assert isinstance(event, kind)
        return event
