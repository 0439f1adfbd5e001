"""Ways out of the phone, and those that lead nowhere: for demos, tests and desks."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from vigie.phone.records import Channel, Message


class GatewayRefused(Exception):
    """The message will never be taken: trying again is useless."""


class GatewayUnavailable(Exception):
    """The message was not taken now: try again later.

    Args:
        reason: for the log, in a few words.
        perhaps_sent: the connection broke at a moment when the message may have been taken, so
            the next attempt must call itself a repeat.
    """

    def __init__(self, reason: str, perhaps_sent: bool = False):
        super().__init__(reason)
        self.perhaps_sent = perhaps_sent


class Gateway(Protocol):
    """Takes messages of one channel."""

    @property
    def channel(self) -> Channel:
        """What it takes."""
        ...

    async def send(self, message: Message) -> None:
        """Hand a message over. Returning means: taken, and no longer the phone's to lose.

        May be cancelled at any time, and is when it takes too long.

        Raises:
            GatewayRefused: final.
            GatewayUnavailable: not now.
        """
        ...


class NoGateway:
    """There is no way out: a message stays in the outbox, with its words, and tells nobody.

    Args:
        channel: what it does not take.
        reason: why not.
    """

    def __init__(self, channel: Channel, reason: str):
        self.channel: Channel = channel
        self._reason = reason

    async def send(self, message: Message) -> None:
        """Refuse it."""
        raise GatewayRefused(self._reason)


class RecordedGateway:
    """Pretends: takes every message and keeps it. Whoever is told of that believes it was sent.

    Args:
        channel: what it takes.
        failures: by contact, what the first attempts raise, one after the other.
    """

    def __init__(
        self, channel: Channel, failures: Mapping[str, Sequence[Exception]] | None = None
    ):
        self.channel: Channel = channel
        self.taken: list[Message] = []
        self._failures = {contact: list(errors) for contact, errors in (failures or {}).items()}

    async def send(self, message: Message) -> None:
        """Take it, unless a failure is due."""
        failures = self._failures.get(message.contact)
        if failures:
            raise failures.pop(0)
        self.taken.append(message)
