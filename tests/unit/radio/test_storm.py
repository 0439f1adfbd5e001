"""Some minutes of everything going wrong: programs, radios and boards at the same time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError
from bumble.keys import KeyStore

from vigie.radio.air import Air
from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.device import Station, make_station
from vigie.radio.frugal import be_frugal
from vigie.radio.seeding import seeded
from vigie.virtual.clock import run

from .world import (
    ENCRYPTED,
    NOTIFYING,
    PLAIN,
    SERVICE,
    Services,
    advertise,
    bonds,
)

DURATION_S = 200
BOARDS, PHONES, PROGRAMS = 3, 2, 2


@dataclass
class Board:
    name: str
    address: str
    private: bool
    station: Station
    services: Services


@dataclass
class Storm:
    seed: int
    boards: dict[str, Board] = field(default_factory=dict[str, Board])
    phones: list[Station] = field(default_factory=list[Station])
    sessions: int = 0

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.air = Air(self.seed)

    async def boot(
        self, name: str, address: str, private: bool, keystore: KeyStore | None = None
    ) -> None:
        station = make_station(
            self.air, name, address, private=private, private_address_s=30, keystore=keystore
        )
        services = Services()
        station.device.add_service(services.service)
        await station.power_on()
        await advertise(station.device)
        self.boards[name] = Board(name, address, private, station, services)

    def any_board(self) -> Board:
        return self.rng.choice(list(self.boards.values()))

    async def pause(self, longest_s: float) -> None:
        await asyncio.sleep(self.rng.random() * longest_s)

    async def notify(self) -> None:
        number = 0
        while True:
            await self.pause(0.5)
            for board in list(self.boards.values()):
                if not board.station.controller.silent:
                    value = number.to_bytes(4, "little") + bytes(self.rng.randrange(240))
                    await board.station.device.notify_subscribers(board.services.notifying, value)
            number += 1

    # What programs do

    async def program(self, radio: VirtualRadio) -> None:
        while True:
            await self.pause(2)
            board = self.any_board()
            try:
                async with asyncio.timeout(self.rng.choice([0.1, 0.5, 1, 3, 10, 30])):
                    await self.session(radio, board)
                self.sessions += 1
            except TimeoutError:
                pass
            except BleakError as error:
                if "KEY_MISSING" in str(error):
                    await radio.client(board.address).unpair()

    async def session(self, radio: VirtualRadio, board: Board) -> None:
        target: Any = board.address
        if board.private or self.rng.random() < 0.5:
            async with radio.scanner(service_uuids=[SERVICE]) as scanner:
                await asyncio.sleep(0.5)
            if not scanner.discovered_devices:
                return
            target = self.rng.choice(scanner.discovered_devices)
        got: list[int] = []

        def on_value(_characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
            got.append(int.from_bytes(value[:4], "little"))

        async with radio.client(target, timeout=self.rng.choice([1, 5, 30])) as client:
            await client.start_notify(NOTIFYING, on_value)
            for _ in range(self.rng.randrange(5)):
                await self.rng.choice(self.operations(client))()
        if got:
            assert got == list(range(got[0], got[0] + len(got)))

    def operations(self, client: Any) -> list[Callable[[], Any]]:
        return [
            lambda: client.read_gatt_char(PLAIN),
            lambda: client.read_gatt_char(ENCRYPTED),
            lambda: client.write_gatt_char(PLAIN, bytes(self.rng.randrange(1, 400)), True),
            lambda: client.write_gatt_char(PLAIN, bytes(self.rng.randrange(1, 100)), False),
            lambda: self.pause(2),
        ]

    # What goes wrong

    async def misfortune(self) -> None:
        while True:
            await self.pause(5)
            await self.rng.choice([self.fade, self.walk, self.reboot, self.jam, self.clear])()

    async def fade(self) -> None:
        loss = self.rng.choice([None, 0.1, 0.5, 0.9, 1])
        self.air.set_loss(self.any_board().station, self.rng.choice(self.phones), loss)

    async def walk(self) -> None:
        self.any_board().station.move((self.rng.random() * 80, 0))

    async def jam(self) -> None:
        self.air.jam(self.rng.choice([0.3, 1]))

    async def clear(self) -> None:
        self.air.jam(0)
        for board in self.boards.values():
            board.station.move((0, 0))
            for phone in self.phones:
                self.air.set_loss(board.station, phone, None)

    async def reboot(self) -> None:
        board = self.any_board()
        keystore = bonds(board.station) if self.rng.random() < 0.7 else None
        board.station.silence()
        await self.pause(2)
        await self.boot(board.name, board.address, board.private, keystore)

    async def run(self) -> None:
        for number in range(BOARDS):
            await self.boot(f"board {number}", f"C4:F2:17:00:00:{number:02X}", number == 1)
        for number in range(PHONES):
            address = f"C4:F2:17:00:01:{number:02X}"
            phone = make_station(self.air, f"phone {number}", address, private=number == 1)
            await phone.power_on()
            self.phones.append(phone)
        radios = [VirtualRadio(phone) for phone in self.phones]
        tasks = [asyncio.create_task(self.program(r)) for r in radios for _ in range(PROGRAMS)]
        tasks += [asyncio.create_task(self.misfortune()), asyncio.create_task(self.notify())]
        done, _ = await asyncio.wait(
            tasks, timeout=DURATION_S, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            task.result()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=60)
        assert all(task.done() for task in tasks)
        await self.clear()
        await asyncio.sleep(60)


async def weather(seed: int) -> None:
    stray: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: stray.append(context))
    storm = Storm(seed)
    await storm.run()
    assert storm.sessions > 20
    for phone in storm.phones:
        assert not phone.device.connections
        assert not phone.device.is_scanning
        assert not phone.controller.links.ends
    for board in storm.boards.values():
        assert not board.station.controller.links.ends
    assert not stray


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_left_of_a_storm(seed: int) -> None:
    be_frugal()
    with seeded(seed):
        run(weather(seed))
