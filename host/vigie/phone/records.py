"""What the phone remembers of an alert: the facts, and a message for each contact and channel."""

from dataclasses import dataclass
from typing import Literal, get_args

from button.core.wire import EventId

Channel = Literal["sms", "call", "mail"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""In the order in which a contact is tried."""

State = Literal["queued", "sending", "sent", "delivered", "seen", "failed"]
ACCEPTED: frozenset[State] = frozenset({"sent", "delivered", "seen"})
"""A gateway has taken the message."""

OPEN: frozenset[State] = frozenset({"queued", "sending"})
"""The phone still tries."""


@dataclass(frozen=True)
class Place:
    """A position and when it was found, in milliseconds since 1970."""

    lat: float
    lon: float
    accuracy_m: float
    at_ms: int


@dataclass(frozen=True)
class HeldAlert:
    """An alert as the phone received it. Times are milliseconds since 1970."""

    event_id: EventId
    kind: int
    level: int
    happened_at_ms: int
    happened_earlier: bool
    """The button lost power since: `happened_at_ms` is only the latest it can have been."""
    received_at_ms: int
    battery_mv: int | None
    place: Place | None
    """The newest position that a message has said, or may say."""


@dataclass(frozen=True)
class Draft:
    """A message to be: whom it is for and how it goes there."""

    contact: str
    """The contact's telephone number, which is the contact's identity."""
    name: str
    channel: Channel
    address: str


@dataclass(frozen=True)
class Message:
    """A message and how far it has come."""

    id: int
    event_id: EventId
    contact: str
    name: str
    channel: Channel
    address: str
    state: State
    attempts: int
    repeat: bool
    """It may have arrived already: the next attempt says so."""
    at_ms: int
    """When the state was reached."""
    error: str | None = None
    """Why the last attempt failed."""
    subject: str | None = None
    text: str | None = None
    """What the last attempt said."""
    sent_at_ms: int | None = None
    """When a gateway took it."""
    seen_at_ms: int | None = None
    """When the contact answered."""
    fingerprint: str = ""
    """Of a recording: the message follows its alert, and says this and no more."""
