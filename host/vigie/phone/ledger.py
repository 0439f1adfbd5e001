"""The outbox as the dispatcher uses it: once an alert is held, a failing disk must not silence it.

Recording fills disks, and it begins with the very alert that must still get out. So progress that
cannot be written is kept in memory, counts, and is written when the disk takes it again. The
price, paid only if the phone also crashes before that: a repeat that is not labelled.
"""

import logging
from dataclasses import replace

from button.core.wire import EventId
from vigie.errors import VigieError
from vigie.phone.outbox import Outbox
from vigie.phone.records import OPEN, Message, Place

_log = logging.getLogger(__name__)


class Ledger:
    """Messages and their progress, on the disk if it can be."""

    def __init__(self, outbox: Outbox):
        self._outbox = outbox
        self._unwritten: dict[int, tuple[Message, Place | None]] = {}
        self._told: dict[EventId, int] = {}

    def message(self, message_id: int) -> Message:
        """A message as far as it has come."""
        return self._newest(self._outbox.message(message_id))

    def messages(self, event_id: EventId) -> list[Message]:
        """The messages of an alert, in the order of the plan."""
        return [self._newest(message) for message in self._outbox.messages(event_id)]

    def open_messages(self) -> list[Message]:
        """What is still to be sent, the oldest first."""
        messages = [self._newest(message) for message in self._outbox.open_messages()]
        return [message for message in messages if message.state in OPEN]

    def save(self, message: Message, place: Place | None = None) -> None:
        """Write progress down, with all that could not be written before."""
        self._unwritten[message.id] = (message, place)
        self.flush()

    def told(self, event_id: EventId) -> int | None:
        """The last feedback that the wearer was told."""
        return self._told.get(event_id) or self._outbox.told(event_id)

    def set_told(self, event_id: EventId, feedback: int) -> None:
        """Remember what the button has heard."""
        self._told[event_id] = feedback
        self.flush()

    def recover(self) -> None:
        """What was being sent when the phone stopped may have arrived: queue it as a repeat."""
        for message in self.open_messages():
            if message.state == "sending":
                self.save(replace(message, state="queued", repeat=True))

    def flush(self) -> None:
        """Write what is not written yet."""
        try:
            for message, place in list(self._unwritten.values()):
                self._outbox.save(message, place)
                del self._unwritten[message.id]
            for event_id, feedback in list(self._told.items()):
                self._outbox.set_told(event_id, feedback)
                del self._told[event_id]
        except VigieError as error:
            _log.error("progress stays in memory: %s", error)

    def _newest(self, message: Message) -> Message:
        unwritten = self._unwritten.get(message.id)
        return unwritten[0] if unwritten else message
