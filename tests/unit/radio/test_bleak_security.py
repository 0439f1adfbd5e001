"""Pairing, bonds and encryption through bleak."""

import asyncio
from typing import Any

import pytest
from bleak import BleakClient
from bleak.exc import (
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)
from bumble.device import Connection

from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.bleak_backend.routing import route_bleak

from .programs import connected, find
from .world import (
    AUTHENTICATED,
    BOARD,
    ENCRYPTED,
    in_virtual_time,
    listening,
    make_world,
)


@in_virtual_time
async def test_a_phone_pairs_on_demand() -> None:
    world = await make_world(private=True)
    _, client = await connected(world)
    assert client.address != BOARD
    assert await client.read_gatt_char(ENCRYPTED) == b"secret"
    assert client.address == BOARD


@in_virtual_time
async def test_pairing_on_demand_happens_once() -> None:
    world = await make_world()
    started: list[Any] = []
    world.board.device.on("pairing_start", started.append)
    _, client = await connected(world)
    values = await asyncio.gather(*(client.read_gatt_char(ENCRYPTED) for _ in range(5)))
    assert values == [b"secret"] * 5
    assert len(started) <= 1


@in_virtual_time
async def test_a_phone_that_does_not_pair_passes_the_refusal_on() -> None:
    world = await make_world()
    _, client = await connected(world, PhoneProfile(auto_pair=False))
    with pytest.raises(BleakGATTProtocolError) as refused:
        await client.read_gatt_char(ENCRYPTED)
    assert refused.value.code is BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION
    await client.pair()
    assert await client.read_gatt_char(ENCRYPTED) == b"secret"


@in_virtual_time
async def test_what_just_works_cannot_unlock_stays_refused() -> None:
    world = await make_world()
    _, client = await connected(world)
    with pytest.raises(BleakGATTProtocolError) as refused:
        await client.read_gatt_char(AUTHENTICATED)
    assert refused.value.code is BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION
    assert client.is_connected


@in_virtual_time
async def test_a_bonded_device_is_known_by_its_identity() -> None:
    world = await make_world(private=True)
    radio, client = await connected(world)
    await client.pair()
    await client.pair()
    await client.disconnect()
    device = await find(radio)
    assert device.address == BOARD
    async with radio.client(BOARD) as again:
        assert world.board_connection.is_encrypted
        assert await again.read_gatt_char(ENCRYPTED) == b"secret"


@in_virtual_time
async def test_a_board_may_ask_for_security() -> None:
    world = await make_world()
    _, client = await connected(world)
    world.board_connection.request_pairing()
    await asyncio.sleep(2)
    assert world.board_connection.is_encrypted
    assert client.is_connected


@in_virtual_time
async def test_a_board_may_ask_for_security_while_the_phone_is_at_it() -> None:
    world = await make_world()
    radio, client = await connected(world)
    await client.pair()
    await client.disconnect()
    changes: list[None] = []

    def ask(connection: Connection) -> None:
        connection.request_pairing()

    def on_connection(connection: Connection) -> None:
        connection.on("connection_encryption_change", lambda: changes.append(None))

    with (
        listening(world.board.device, "connection", ask),
        listening(world.phone.device, "connection", on_connection),
    ):
        async with radio.client(BOARD) as again:
            assert await again.read_gatt_char(ENCRYPTED) == b"secret"
    assert len(changes) == 1


@in_virtual_time
async def test_a_board_that_forgot_its_bond_is_told_from_a_lost_one() -> None:
    world = await make_world()
    radio, client = await connected(world)
    await client.pair()
    await client.disconnect()
    assert world.board.device.keystore
    await world.board.device.keystore.delete_all()
    client = radio.client(BOARD)
    with pytest.raises(BleakError, match="PIN_OR_KEY_MISSING"):
        await client.connect()
    assert not client.is_connected
    await client.unpair()
    await client.connect()
    assert await client.read_gatt_char(ENCRYPTED) == b"secret"


@in_virtual_time
async def test_unpairing_disconnects_and_forgets() -> None:
    world = await make_world()
    radio, client = await connected(world)
    await client.pair()
    await client.unpair()
    assert not client.is_connected
    async with radio.client(BOARD):
        assert not world.board_connection.is_encrypted


@in_virtual_time
async def test_pairing_before_the_services_are_read() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    with route_bleak(), radio.in_use():
        async with BleakClient(BOARD, pair=True) as client:
            assert world.board_connection.is_encrypted
            assert await client.read_gatt_char(ENCRYPTED) == b"secret"
