"""Lost links, cancelled programs and dead phones, seen through bleak."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import (
    BleakError,
)
from bumble.device import Connection

from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.device import Station

from .programs import ABSENT, connected, find, ignore
from .world import (
    BOARD,
    NOTIFYING,
    PLAIN,
    World,
    in_virtual_time,
    listening,
    make_world,
    now,
)


async def connection_of(station: Station) -> None:
    made: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
    with listening(station.device, "connection", made.set_result):
        await made


async def lost_during(
    world: World, client: BleakClient, operation: Coroutine[Any, Any, Any]
) -> None:
    world.air.set_loss(world.board, world.phone, 1)
    begun_s = now()
    with pytest.raises(BleakError, match="disconnected: CONNECTION_TIMEOUT"):
        await operation
    assert now() - begun_s <= 0.72
    assert not client.is_connected


@in_virtual_time
async def test_a_lost_link_fails_what_is_going_on() -> None:
    world = await make_world()
    ended: list[BleakClient] = []
    _, client = await connected(world, disconnected_callback=ended.append)
    reading = asyncio.gather(
        *(client.read_gatt_char(PLAIN) for _ in range(3)), return_exceptions=True
    )
    await lost_during(world, client, client.write_gatt_char(PLAIN, b"x", response=True))
    assert all(isinstance(error, BleakError) for error in await reading)
    await asyncio.sleep(0)
    assert ended == [client]
    with pytest.raises(BleakError):
        await client.start_notify(NOTIFYING, ignore)


@in_virtual_time
async def test_a_link_lost_while_pairing() -> None:
    world = await make_world()
    _, client = await connected(world)
    await lost_during(world, client, client.pair())


@pytest.mark.parametrize("after_s", [0.001, 0.05, 0.1, 0.3, 0.5])
@in_virtual_time
async def test_a_link_lost_while_connecting(after_s: float) -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    ended: list[BleakClient] = []
    client = radio.client(await find(radio), ended.append, timeout=20)
    connecting = asyncio.ensure_future(client.connect())
    await connection_of(world.board)
    await asyncio.sleep(after_s)
    world.air.set_loss(world.board, world.phone, 1)
    with pytest.raises(BleakError, match="disconnected"):
        await connecting
    assert not client.is_connected
    assert not ended
    world.air.set_loss(world.board, world.phone, None)
    await client.connect()
    assert await client.read_gatt_char(PLAIN) == b"hello"


@pytest.mark.parametrize("by_address", [False, True])
@in_virtual_time
async def test_a_connect_cancelled_at_any_moment_leaves_nothing_behind(by_address: bool) -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    client = radio.client(BOARD if by_address else await find(radio))
    for step in range(100):
        connecting = asyncio.ensure_future(client.connect())
        await asyncio.sleep(step * 0.011)
        if not connecting.cancel():
            break
        with pytest.raises(asyncio.CancelledError):
            await connecting
        await asyncio.sleep(0.1)
        assert not client.is_connected
        assert not world.phone.device.connections
        assert not world.board.device.connections
        assert not world.phone.device.is_scanning
    else:
        raise AssertionError("no attempt was long enough")
    assert await client.read_gatt_char(PLAIN) == b"hello"


@in_virtual_time
async def test_a_connect_cancelled_twice_is_cleaned_up_all_the_same() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    client = radio.client(await find(radio))
    connecting = asyncio.ensure_future(client.connect())
    await asyncio.sleep(0.3)
    world.air.set_loss(world.board, world.phone, 1)
    connecting.cancel()
    await asyncio.sleep(0.1)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    world.air.set_loss(world.board, world.phone, None)
    await asyncio.sleep(1)
    assert not world.phone.device.connections
    await client.connect()


@in_virtual_time
async def test_a_connect_that_times_out_half_way_leaves_nothing_behind() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    client = radio.client(await find(radio), timeout=0.5)
    with pytest.raises(TimeoutError):
        await client.connect()
    await asyncio.sleep(0.1)
    assert not world.phone.device.connections
    assert not world.board.device.connections
    await radio.client(BOARD).connect()


@in_virtual_time
async def test_one_attempt_to_connect_at_a_time() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    device = await find(radio)
    absent = BLEDevice(ABSENT, None, type(device.details)(ABSENT))
    hopeless = asyncio.ensure_future(radio.client(absent, timeout=3).connect())
    await asyncio.sleep(0.1)
    await radio.client(device, timeout=10).connect()
    assert now() > 3
    with pytest.raises(TimeoutError):
        await hopeless


@in_virtual_time
async def test_a_cancelled_read_does_not_answer_the_next_one() -> None:
    world = await make_world()
    _, client = await connected(world)
    reading = asyncio.ensure_future(client.read_gatt_char(PLAIN))
    await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await client.read_gatt_char(NOTIFYING) == b"notify"
    assert await client.read_gatt_char(PLAIN) == b"hello"


@in_virtual_time
async def test_writes_without_response_wait_for_the_air() -> None:
    world = await make_world()
    _, client = await connected(world)
    begun_s = now()
    for number in range(200):
        await client.write_gatt_char(PLAIN, bytes([number]) * 200, response=False)
    assert now() - begun_s > 0.3
    await asyncio.sleep(1)
    assert world.services.value == bytes([199]) * 200


@in_virtual_time
async def test_a_disconnect_from_the_board() -> None:
    world = await make_world()
    ended = asyncio.Event()

    def on_end(_client: BleakClient) -> None:
        ended.set()

    _, client = await connected(world, disconnected_callback=on_end)
    await world.board_connection.disconnect()
    await asyncio.wait_for(ended.wait(), 1)
    assert not client.is_connected
    await client.disconnect()


@in_virtual_time
async def test_disconnecting_twice_at_once() -> None:
    world = await make_world()
    ended: list[BleakClient] = []
    _, client = await connected(world, disconnected_callback=ended.append)
    await asyncio.gather(client.disconnect(), client.disconnect())
    await asyncio.sleep(0.1)
    assert ended == [client]


@in_virtual_time
async def test_a_dead_phone_holds_nobody_up() -> None:
    world = await make_world()
    radio, client = await connected(world)
    scanner = radio.scanner()
    await scanner.start()
    world.phone.silence()
    await scanner.stop()
    await client.disconnect()
    assert not client.is_connected


@in_virtual_time
async def test_the_board_advertises_again_after_every_connection() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    for _ in range(5):
        async with radio.client(BOARD) as client:
            assert client.is_connected
    assert (await find(radio)).address == BOARD
