"""A phone of a bench: can be started, killed and started again, like a person's."""

import asyncio
import functools
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from button.core.wire import SERVICE_UUID
from vigie.bench.antennas import AirAntenna, Antenna
from vigie.paths import DEMO
from vigie.phone.contacts import AddressBook, load_contacts
from vigie.phone.events import Event, LinkUp, Transcript
from vigie.phone.evidence.inbox import Inbox
from vigie.phone.gateways import RecordedGateway
from vigie.phone.outbox import Outbox
from vigie.phone.outbox_file import connect
from vigie.phone.patience import Patience
from vigie.phone.phone import Phone
from vigie.phone.position import NoPosition, PositionSource
from vigie.phone.records import Channel, Message
from vigie.radio.device import Station
from vigie.virtual.world import World

EPOCH = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
"""The wall clock's time when the world begins."""


class Network(RecordedGateway):
    """Takes every message of a channel after `delay_s`, and tells `hear` of it."""

    def __init__(self, channel: Channel):
        super().__init__(channel)
        self.hear: list[Callable[[Message], None]] = []
        self.delay_s: Callable[[], float] = lambda: 0.0
        self.refusal: Exception | None = None

    async def send(self, message: Message) -> None:
        """Take a message."""
        if delay_s := self.delay_s():
            await asyncio.sleep(delay_s)
        if self.refusal:
            raise self.refusal
        await super().send(message)
        for hear in self.hear:
            hear(message)


class BenchPhone:
    """One phone and what surrounds it: its flash (the outbox), its contacts, the networks.

    Contacts' messages, the transcript and the outbox file outlive a kill.
    """

    def __init__(
        self,
        world: World,
        folder: Path,
        book: AddressBook,
        *,
        position: PositionSource,
        epoch: datetime = EPOCH,
        patience: Patience | None = None,
        antenna: Antenna | None = None,
    ):
        self._world = world
        self._file = folder / "outbox.sqlite"
        self.evidence = folder / "evidence"
        self._book = book
        self._position = position
        self._epoch = epoch
        self._patience = patience
        self.name = world.next_name("phone")
        self._antenna = antenna or AirAntenna(world, self.name)
        self.transcript = Transcript()
        self.sms = Network("sms")
        self.calls = Network("call")
        self.mails = Network("mail")
        self.app: Phone | None = None
        self._task: asyncio.Task[None] | None = None
        self._database: sqlite3.Connection | None = None

    @property
    def station(self) -> Station | None:
        """Its radio on the virtual air, while it is switched on."""
        return self._antenna.station

    @property
    def contacts(self) -> list[str]:
        """The contacts' numbers."""
        return [c.phone for c in self._book.contacts]

    @property
    def connected(self) -> bool:
        """Whether it is connected to the button."""
        return self.app is not None and self.app.connected

    async def start(self) -> None:
        """Switch it on: the app begins to look for the button."""
        self.app = Phone(
            await self._antenna.radio(),
            self._book,
            Outbox(self._file, self._open_database),
            (self.sms, self.calls, self.mails),
            self._position,
            now=self._world.loop.time,
            wall_clock=self.wall_clock,
            patience=self._patience,
            inbox=Inbox(self.evidence),
        )
        self.app.transcript.hear.append(self.transcript.add)
        self.app.transcript.on_fault = self.transcript.on_fault = self._listener_fault
        self._task = self._world.loop.create_task(self.app.run())
        self._task.add_done_callback(self._ended)

    async def connect(self, within_s: float = 10.0) -> None:
        """Switch it on and wait until the button has been greeted."""
        since = len(self.transcript.events)
        await self.start()
        await self.transcript.saw(LinkUp, within_s=within_s, since=since)

    def kill(self) -> None:
        """The system kills the app in the middle of whatever it does: nothing is tidied up."""
        if self.app is None or self._task is None:
            return
        self.app.transcript.hear.clear()
        self._task.cancel()
        self.app.outbox.close()
        self.app = self._task = None
        self._antenna.silence()

    def _open_database(self, path: Path) -> sqlite3.Connection:
        self._database = connect(path)
        return self._database

    # --- what a person does with it

    def walk_to(self, metres: float) -> None:
        """Be this far from the button."""
        self._antenna.walk_to(metres)

    def carry_at_most(self, mtu: int) -> None:
        """Be a phone whose connections have this MTU, from the next start on."""
        self._antenna.carry_at_most(mtu)

    def lose(self, probability: float) -> None:
        """Lose this share of all packets between phone and button."""
        self._antenna.lose(probability)

    def reply(self, contact: str) -> None:
        """A contact writes back."""
        if self.app:
            self.app.contact_replied(contact)

    def sound_siren(self, on: bool) -> None:
        """The siren's switch in the app."""
        assert self.app is not None, "the phone is off"
        self.app.sound_siren(on)

    def record(self, on: bool) -> None:
        """The recording's switch in the app."""
        assert self.app is not None, "the phone is off"
        self.app.record(on)

    def chirp(self, kind: int) -> None:
        """Have the button chirp: Chirp.FIND_ME or Chirp.TEST."""
        assert self.app is not None, "the phone is off"
        self.app.chirp(kind)

    @contextmanager
    def read_only_disk(self) -> Generator[None]:
        """Inside the block, the outbox can be read and not written."""
        assert self._database is not None, "the phone is off"
        self._database.execute("PRAGMA query_only = ON")
        yield
        self._database.execute("PRAGMA query_only = OFF")

    # --- what a stranger does with it: no app, only a radio

    async def scan(self) -> tuple[BLEDevice, AdvertisementData]:
        """The first button that can be heard."""
        async with (await self._antenna.radio()).scanner(service_uuids=[SERVICE_UUID]) as scanner:
            async for device, advertisement in scanner.advertisement_data():
                return device, advertisement
        raise AssertionError("the scan ended")

    async def visit(self) -> BleakClient:
        """Connect to a button and say nothing."""
        device, _ = await self.scan()
        client = (await self._antenna.radio()).client(device)
        await client.connect()
        return client

    def close(self) -> None:
        """The end of a test."""
        self.kill()

    def wall_clock(self, now_s: float) -> datetime:
        """Date and time at a time of the world's clock."""
        return self._epoch + timedelta(seconds=now_s)

    def texts_to(self, contact: str) -> list[Message]:
        """The SMS about alerts that a contact has got; a recording's fingerprint is not one."""
        return [m for m in self.sms.taken if m.contact == contact and not m.fingerprint]

    def _listener_fault(self, fault: Exception) -> None:
        self._world.fail(f"a listener of {self.name} failed: {fault!r}", fault)

    def _ended(self, task: asyncio.Task[None]) -> None:
        # What a killed app still does has no effect and is nobody's fault.
        if not task.cancelled() and (error := task.exception()) and task is self._task:
            self._world.fail(f"{self.name} died: {error!r}", error)


@functools.cache
def demo_contacts() -> AddressBook:
    """Five contacts."""
    return load_contacts(DEMO / "contacts.toml")


def make_phone(
    world: World,
    folder: Path,
    *,
    position: PositionSource | None = None,
    book: AddressBook | None = None,
    epoch: datetime = EPOCH,
    patience: Patience | None = None,
    hear: Callable[[Event], None] | None = None,
    antenna: Antenna | None = None,
) -> BenchPhone:
    """A phone with the contacts of the demo, not yet switched on."""
    phone = BenchPhone(
        world,
        folder,
        book or demo_contacts(),
        position=position or NoPosition(),
        epoch=epoch,
        patience=patience or Patience(fix_wait_s=0.0 if position is None else 1.2),
        antenna=antenna,
    )
    if hear:
        phone.transcript.hear.append(hear)
    return phone
