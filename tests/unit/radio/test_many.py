"""Several boards and several phones on one air, every phone a bleak program of its own."""

import asyncio
from dataclasses import dataclass

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from vigie.radio.air import Air
from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.bleak_backend.routing import route_bleak
from vigie.radio.device import Station, make_station
from vigie.radio.hci_log import HciLog
from vigie.radio.pairing import IoCapability, PairingPolicy

from .world import (
    AUTHENTICATED,
    NOTIFYING,
    PLAIN,
    SERVICE,
    Services,
    advertise,
    in_virtual_time,
    loop,
)

PASSKEY = 123456


async def know_the_passkey() -> int | None:
    return PASSKEY


POLICY = PairingPolicy(
    io=IoCapability.KEYBOARD_INPUT_ONLY, mitm=True, enter_number=know_the_passkey
)


@dataclass
class Board:
    station: Station
    services: Services

    async def notify_now_and_then(self) -> None:
        number = 0
        while True:
            await asyncio.sleep(0.5)
            value = number.to_bytes(4, "little") + bytes(240)
            await self.station.device.notify_subscribers(self.services.notifying, value)
            number += 1


async def make_board(air: Air, number: int, log: HciLog) -> Board:
    address = f"C4:F2:17:00:00:{number:02X}"
    station = make_station(
        air, f"board {number}", address, private=True, pairing=POLICY, hci_log=log
    )
    board = Board(station, Services())
    station.device.add_service(board.services.service)
    await station.power_on()
    await advertise(station.device)
    return board


async def make_phone(air: Air, number: int, log: HciLog) -> VirtualRadio:
    address = f"C4:F2:17:00:01:{number:02X}"
    station = make_station(
        air, f"phone {number}", address, private=True, pairing=POLICY, hci_log=log
    )
    await station.power_on()
    return VirtualRadio(station)


async def use(device: BLEDevice) -> int:
    """Talk to one board; returns how many notifications came."""
    got: list[bytes] = []

    def on_value(_characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        got.append(bytes(value))

    async with BleakClient(device) as client:
        await client.write_gatt_char(PLAIN, device.address.encode(), response=True)
        assert await client.read_gatt_char(PLAIN) == device.address.encode()
        assert await client.read_gatt_char(AUTHENTICATED) == b"top secret"
        await client.start_notify(NOTIFYING, on_value)
        await asyncio.sleep(3)
    assert all(len(value) == 244 for value in got)
    return len(got)


async def program(number: int, phones: int, boards: int) -> list[int]:
    found = await BleakScanner.discover(2, service_uuids=[SERVICE])
    assert len(found) == boards
    mine = sorted(found, key=lambda device: device.address)[number::phones]
    return await asyncio.gather(*(use(device) for device in mine))


@pytest.mark.parametrize(("boards", "phones"), [(1, 2), (9, 3)])
@in_virtual_time
async def test_every_phone_talks_to_its_boards(boards: int, phones: int) -> None:
    air, log = Air(2), HciLog(limit=0)
    made = [await make_board(air, number, log) for number in range(boards)]
    notifying = [asyncio.ensure_future(board.notify_now_and_then()) for board in made]
    programs: list[asyncio.Task[list[int]]] = []
    with route_bleak():
        for number in range(phones):
            radio = await make_phone(air, number, log)
            with radio.in_use():
                programs.append(asyncio.create_task(program(number, phones, boards)))
        counts = await asyncio.gather(*programs)
    assert sum(len(count) for count in counts) == boards
    assert all(count in (5, 6, 7) for mine in counts for count in mine)
    for task in notifying:
        task.cancel()


@in_virtual_time
async def test_a_hundred_idle_links_cost_nothing() -> None:
    air = Air(3)
    for number in range(100):
        board = make_station(air, f"board {number}", f"C4:F2:17:02:00:{number:02X}")
        phone = make_station(air, f"phone {number}", f"C4:F2:17:02:01:{number:02X}")
        await board.power_on()
        await phone.power_on()
        await board.device.start_advertising(advertising_interval_min=100)
        await phone.device.connect(board.device.random_address, timeout=5)
    await asyncio.sleep(1)
    assert loop().next_event() is None
