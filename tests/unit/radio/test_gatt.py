"""A GATT server and client of bumble on this air: the everyday operations."""

import asyncio

import pytest
from bumble import att
from bumble.device import Peer

from .world import (
    AUTHENTICATED,
    ENCRYPTED,
    INDICATING,
    NOTIFYING,
    PLAIN,
    Discovered,
    in_virtual_time,
    make_world,
)


@in_virtual_time
async def test_mtu_is_the_smaller_wish() -> None:
    world = await make_world()
    world.board.device.gatt_server.max_mtu = 185
    board = await world.connect_peer()
    assert board.connection.att_mtu == world.board_connection.att_mtu == 185


@in_virtual_time
async def test_read_and_write() -> None:
    world = await make_world()
    board = await world.connect_peer()
    assert await board[PLAIN].read_value() == b"hello"
    await board[PLAIN].write_value(b"written", with_response=True)
    assert world.services.value == b"written"


@in_virtual_time
async def test_write_without_response_arrives_with_the_next_event() -> None:
    world = await make_world()
    board = await world.connect_peer()
    await board[PLAIN].write_value(b"command", with_response=False)
    await asyncio.sleep(0.02)
    assert world.services.value == b"command"


@in_virtual_time
async def test_long_values() -> None:
    world = await make_world()
    board = await world.connect_peer()
    world.services.value = b"L" * 500
    assert await board[PLAIN].read_value() == b"L" * 500
    await board[PLAIN].write_value(b"W" * 500, with_response=True)
    assert world.services.value == b"W" * 500


@in_virtual_time
async def test_notify_and_indicate() -> None:
    world = await make_world()
    board = await world.connect_peer()
    got: list[bytes] = []
    await board[NOTIFYING].subscribe(got.append)
    await board[INDICATING].subscribe(got.append)
    await world.board.device.notify_subscribers(world.services.notifying, b"N" * 244)
    await asyncio.sleep(0.1)
    await world.board.device.indicate_subscribers(world.services.indicating, b"I" * 10)
    assert got == [b"N" * 244, b"I" * 10]


@in_virtual_time
async def test_values_longer_than_a_frame() -> None:
    world = await make_world()
    peer = Peer(await world.connect())
    assert await peer.request_mtu(517) == 517
    await peer.discover_all()
    board = Discovered(peer)
    got: list[bytes] = []
    await board[NOTIFYING].subscribe(got.append)
    long = bytes(range(256)) * 2
    await world.board.device.notify_subscribers(world.services.notifying, long)
    await asyncio.sleep(0.1)
    assert got == [long]


@in_virtual_time
async def test_protected_values_are_refused_on_a_plain_link() -> None:
    world = await make_world()
    board = await world.connect_peer()
    with pytest.raises(att.ATT_Error) as refused:
        await board[ENCRYPTED].read_value()
    assert refused.value.error_code == att.ErrorCode.INSUFFICIENT_ENCRYPTION
    with pytest.raises(att.ATT_Error) as refused:
        await board[AUTHENTICATED].read_value()
    assert refused.value.error_code == att.ErrorCode.INSUFFICIENT_AUTHENTICATION
