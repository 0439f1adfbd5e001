"""What the tests of the radio share: a clock, a board, a phone."""

import asyncio
import functools
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec

from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import (
    Advertisement,
    Connection,
    ConnectionParametersPreferences,
    Device,
    DeviceConfiguration,
    Peer,
)
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address, AddressType, Phy
from bumble.host import Host
from bumble.keys import KeyStore
from bumble.link import LocalLink
from bumble.pairing import PairingConfig

from vigie.radio.air import Air
from vigie.radio.device import Station, make_station
from vigie.radio.hci_log import HciLog
from vigie.radio.seeding import seeded
from vigie.virtual.clock import WorldLoop, run

P = ParamSpec("P")

BOARD = "C4:F2:17:1A:1D:BB"
PHONE = "C4:F2:17:1A:1D:AA"

SERVICE = "12345678-1234-5678-1234-56789abcdef0"
PLAIN = "12345678-1234-5678-1234-56789abcdef1"
NOTIFYING = "12345678-1234-5678-1234-56789abcdef2"
INDICATING = "12345678-1234-5678-1234-56789abcdef3"
ENCRYPTED = "12345678-1234-5678-1234-56789abcdef4"
AUTHENTICATED = "12345678-1234-5678-1234-56789abcdef5"

Property = Characteristic.Properties
READABLE, WRITEABLE = Characteristic.READABLE, Characteristic.WRITEABLE


def in_virtual_time(
    scenario: Callable[P, Coroutine[Any, Any, None]],
) -> Callable[P, None]:
    """Make a test of a coroutine: seeded, on a virtual clock, failing on stray exceptions."""

    @functools.wraps(scenario)
    def test(*args: P.args, **kwargs: P.kwargs) -> None:
        with seeded(1):
            run(_watched(scenario(*args, **kwargs)))

    return test


async def _watched(scenario: Coroutine[Any, Any, None]) -> None:
    stray: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: stray.append(context))
    await scenario
    assert not stray


def loop() -> WorldLoop:
    running = asyncio.get_running_loop()
    assert isinstance(running, WorldLoop)
    return running


def now() -> float:
    return loop().time()


class Services:
    """The attribute table of the board."""

    def __init__(self) -> None:
        self.value = b"hello"
        self.refuse: Callable[[Connection, bytes], None] | None = None
        self.notifying = Characteristic(
            NOTIFYING, Property.NOTIFY | Property.READ, READABLE, b"notify"
        )
        self.indicating = Characteristic(
            INDICATING, Property.INDICATE | Property.READ, READABLE, b"indicate"
        )
        plain = Characteristic(
            PLAIN,
            Property.READ | Property.WRITE | Property.WRITE_WITHOUT_RESPONSE,
            READABLE | WRITEABLE,
            CharacteristicValue(read=self._read, write=self._write),
        )
        encrypted = Characteristic(
            ENCRYPTED, Property.READ, READABLE | Characteristic.READ_REQUIRES_ENCRYPTION, b"secret"
        )
        authenticated = Characteristic(
            AUTHENTICATED,
            Property.READ,
            READABLE | Characteristic.READ_REQUIRES_AUTHENTICATION,
            b"top secret",
        )
        everything: list[Any] = [plain, self.notifying, self.indicating, encrypted, authenticated]
        self.service = Service(SERVICE, everything)

    def _read(self, _connection: Connection) -> bytes:
        return self.value

    def _write(self, connection: Connection, value: bytes) -> None:
        if self.refuse:
            self.refuse(connection, value)
        self.value = bytes(value)


ADVERTISEMENT = bytes(
    AdvertisingData(
        [
            (AdvertisingData.Type.FLAGS, b"\x06"),
            (
                AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
                UUID(SERVICE).to_bytes(),
            ),
        ]
    )
)
SCAN_RESPONSE = bytes(AdvertisingData([(AdvertisingData.Type.COMPLETE_LOCAL_NAME, b"Vigie")]))


async def advertise(device: Device, interval_ms: float = 100) -> None:
    await device.start_advertising(
        auto_restart=True,
        advertising_data=ADVERTISEMENT,
        scan_response_data=SCAN_RESPONSE,
        advertising_interval_min=interval_ms,
        advertising_interval_max=interval_ms,
    )


@dataclass
class World:
    """A board that advertises and a phone, both powered on."""

    air: Air
    board: Station
    phone: Station
    log: HciLog
    services: Services = field(default_factory=Services)

    @property
    def board_connection(self) -> Connection:
        return next(iter(self.board.device.connections.values()))

    async def connect(
        self, interval_ms: float = 15, supervision_timeout_ms: int = 720
    ) -> Connection:
        preferences = ConnectionParametersPreferences(
            connection_interval_min=interval_ms,
            connection_interval_max=interval_ms,
            supervision_timeout=supervision_timeout_ms,
        )
        return await self.phone.device.connect(
            await find_board(self.phone.device),
            connection_parameters_preferences={Phy.LE_1M: preferences},
            timeout=10,
        )

    async def connect_peer(self, interval_ms: float = 15) -> "Discovered":
        peer = Peer(await self.connect(interval_ms))
        await peer.request_mtu(247)
        await peer.discover_all()
        return Discovered(peer)


def bonds(station: Station) -> KeyStore:
    keystore = station.device.keystore
    assert keystore is not None
    return keystore


class Discovered:
    """The board's characteristics as the phone sees them."""

    def __init__(self, peer: Peer):
        self.connection = peer.connection
        self.peer = peer

    def __getitem__(self, uuid: str) -> CharacteristicProxy[bytes]:
        return self.peer.get_characteristics_by_uuid(UUID(uuid))[0]


async def make_world(seed: int = 1, **board: Any) -> World:
    """Build a world; keywords are those of make_station, for the board."""
    log = HciLog()
    air = Air(seed)
    world = World(
        air,
        make_station(air, "board", BOARD, hci_log=log, **board),
        make_station(air, "phone", PHONE, hci_log=log),
        log,
    )
    world.board.device.add_service(world.services.service)
    await world.board.power_on()
    await world.phone.power_on()
    await advertise(world.board.device)
    return world


async def find_board(device: Device) -> Address:
    """Scan until the board's service is heard."""
    found: asyncio.Future[Address] = loop().create_future()

    def on_advertisement(advertisement: Advertisement) -> None:
        if ADVERTISEMENT in bytes(advertisement.data) and not found.done():
            found.set_result(advertisement.address)

    with listening(device, "advertisement", on_advertisement):
        await device.start_scanning()
        try:
            async with asyncio.timeout(10):
                return await found
        finally:
            await device.stop_scanning()


@contextmanager
def listening(emitter: Any, event: str, listener: Callable[..., None]) -> Generator[None]:
    emitter.on(event, listener)
    try:
        yield
    finally:
        emitter.remove_listener(event, listener)


async def advertisements(device: Device, duration_s: float, **scan: Any) -> list[Advertisement]:
    """What a device hears."""
    heard: list[Advertisement] = []
    with listening(device, "advertisement", heard.append):
        await device.start_scanning(**scan)
        await asyncio.sleep(duration_s)
        await device.stop_scanning()
    return heard


def _just_works(_connection: Connection) -> PairingConfig:
    return PairingConfig(mitm=False)


class AirBench:
    """Makes stations on the air of this package."""

    def __init__(self) -> None:
        self.air = Air(1)

    async def station(self, name: str, address: str, *, public: bool = False, **more: Any) -> Any:
        kind = "public" if public else "random"
        made = make_station(self.air, name, address, address_type=kind, **more)
        await made.power_on()
        return made


class StockBench:
    """Makes the same stations of bumble's own parts."""

    def __init__(self) -> None:
        self.air = LocalLink()

    async def station(self, name: str, address: str, *, public: bool = False, **more: Any) -> Any:
        identity = Address(address, AddressType.PUBLIC_DEVICE) if public else None
        controller = Controller(name, link=self.air, public_address=identity)
        host = Host()
        host.controller = controller
        config = DeviceConfiguration(
            name=name,
            address=Address(address),
            irk=(bytes(Address(address)) * 3)[:16],
            le_privacy_enabled=more.get("private", False),
            le_rpa_timeout=more.get("private_address_s", 900),
        )
        device = Device(config=config, host=host)
        device.pairing_config_factory = _just_works
        await device.power_on()
        return StockStation(device, controller)


@dataclass(frozen=True)
class StockStation:
    device: Device
    controller: Controller
