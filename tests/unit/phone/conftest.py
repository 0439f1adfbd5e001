"""What the tests of the phone share: people, alerts and an outbox in a fresh folder."""

import os
import traceback
import warnings
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from button.core.wire import Alert, EventId
from vigie.phone.contacts import AddressBook, Contact, Wearer
from vigie.phone.outbox import Outbox
from vigie.phone.records import Draft, HeldAlert, Place

from .world import World

EPOCH = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
"""The wall clock when a world begins: 14:00 in Paris."""


@pytest.fixture
def wall_clock() -> Callable[[float], datetime]:
    return lambda now_s: EPOCH + timedelta(seconds=now_s)


@pytest.fixture
def book() -> AddressBook:
    return AddressBook(
        Wearer("Claire", "fr", ZoneInfo("Europe/Paris")),
        (
            Contact("Anaïs", "+33199001234", "anais@example.org"),
            Contact("Karim", "+33261910042", "karim@example.org"),
            Contact("Maman", "+33353010017"),
        ),
    )


@pytest.fixture
def event() -> Callable[[int], EventId]:
    return lambda seq: EventId(b"\x01\x02\x03\x04\x05\x06\x07\x08", seq)


@pytest.fixture
def alert(event: Callable[[int], EventId]) -> Callable[..., Alert]:
    def make(
        seq: int = 1, level: int = 1, age_ms: int = 0, battery_mv: int = 3900, flags: int = 0
    ) -> Alert:
        return Alert(event(seq), level, level, age_ms, battery_mv, flags)

    return make


@pytest.fixture
def held(event: Callable[[int], EventId]) -> Callable[..., HeldAlert]:
    def make(seq: int = 1, level: int = 2, place: Place | None = None) -> HeldAlert:
        return HeldAlert(event(seq), level, level, 1_000, False, 2_000, 3_900, place)

    return make


@pytest.fixture
def drafts() -> list[Draft]:
    return [
        Draft("+33199001234", "Anaïs", "sms", "+33199001234"),
        Draft("+33261910042", "Karim", "sms", "+33261910042"),
        Draft("+33199001234", "Anaïs", "mail", "anais@example.org"),
    ]


@pytest.fixture
def outbox(tmp_path: Path) -> Generator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.db")
    yield outbox
    outbox.close()


@pytest.fixture
def in_child() -> Callable[[Callable[[], None]], int]:
    """Do something in a process of its own, which may die of it. Gives the wait status."""

    def run(act: Callable[[], None]) -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that other tests may have left threads
            child = os.fork()
        if child == 0:
            try:
                act()
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        return os.waitpid(child, 0)[1]

    return run


@pytest.fixture
def world(outbox: Outbox, book: AddressBook, wall_clock: Callable[[float], datetime]) -> World:
    return World(outbox, book, wall_clock)
