"""A host stack behind TCP lives on the air like one beside its controller. On the wall clock."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from bleak.exc import BleakBluetoothNotAvailableError

from tests.unit.radio.world import BOARD, PHONE
from vigie.radio.air import Air
from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.device import Station, make_station
from vigie.radio.frugal import be_frugal
from vigie.radio.hci_tcp import ControllerServer, RemoteStation, connect
from vigie.virtual.clock import run

FLAGS = b"\x02\x01\x06"


def with_both(
    do: Callable[[Station, RemoteStation, ControllerServer], Coroutine[Any, Any, None]],
) -> None:
    """An advertising board on the air, and a phone that joined it through TCP."""

    async def main() -> None:
        air = Air(seed=1)
        server = ControllerServer(air)
        port = await server.listen()
        board = make_station(air, "board", BOARD, address_type="public")
        await board.power_on()
        await board.device.start_advertising(advertising_data=FLAGS, auto_restart=True)
        phone = await connect("phone", PHONE, "127.0.0.1", port)
        await do(board, phone, server)
        phone.silence()
        server.close()

    be_frugal()
    run(asyncio.wait_for(main(), 20), paced=True)


def test_it_hears_connects_and_reads() -> None:
    async def visit(board: Station, phone: RemoteStation, server: ControllerServer) -> None:
        radio = VirtualRadio(phone)
        async with radio.scanner() as scanner:
            device, _ = await anext(scanner.advertisement_data())
        assert device.address == BOARD
        async with radio.client(device) as client:
            assert client.is_connected
            assert [s.uuid[4:8] for s in client.services] == ["1800", "1801"]
            assert len(board.device.connections) == 1

    with_both(visit)


def test_a_phone_that_is_killed_is_dead_on_the_air() -> None:
    async def die(board: Station, phone: RemoteStation, server: ControllerServer) -> None:
        lost = asyncio.Event()
        async with VirtualRadio(phone).client(BOARD):
            (connection,) = board.device.connections.values()
            connection.on("disconnection", lambda reason: lost.set())
            phone.silence()
            await lost.wait()  # after the supervision timeout
        assert phone.silent

    with_both(die)


def test_when_the_air_is_gone_the_phone_has_no_radio() -> None:
    async def leave(board: Station, phone: RemoteStation, server: ControllerServer) -> None:
        server.close()
        await phone.ended()
        assert phone.silent
        with pytest.raises(BleakBluetoothNotAvailableError):
            async with VirtualRadio(phone).scanner():
                pass

    with_both(leave)


def test_what_speaks_no_hci_is_sent_away_and_the_next_is_served() -> None:
    async def babble(board: Station, phone: RemoteStation, server: ControllerServer) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        again = await connect("phone2", "C4:F2:17:1A:1D:AB", "127.0.0.1", server.port)
        assert not again.silent
        again.silence()

    with_both(babble)
