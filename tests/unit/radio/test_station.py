"""Stations come, die, and come again."""

import asyncio

import pytest
from bumble import core, hci
from bumble.device import Connection

from vigie.radio.device import make_station

from .world import (
    BOARD,
    ENCRYPTED,
    Services,
    World,
    advertise,
    advertisements,
    bonds,
    in_virtual_time,
    loop,
    make_world,
    now,
)


async def reboot(world: World) -> None:
    """The chip is dead; a new boot comes up with the same address and bonds."""
    keystore = bonds(world.board)
    world.board.silence()
    world.board = make_station(world.air, "board", BOARD, keystore=keystore)
    world.services = Services()
    world.board.device.add_service(world.services.service)
    await world.board.power_on()
    await advertise(world.board.device)


async def disconnection(connection: Connection) -> int:
    reason: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    connection.on("disconnection", reason.set_result)
    return await reason


@in_virtual_time
async def test_peers_notice_a_dead_chip_after_their_supervision_timeout() -> None:
    world = await make_world()
    link = (await world.connect_peer()).connection
    await asyncio.sleep(1)
    world.board.silence()
    died_s = now()
    assert await disconnection(link) == hci.HCI_CONNECTION_TIMEOUT_ERROR
    assert now() - died_s == pytest.approx(0.72, abs=0.015)


@in_virtual_time
async def test_a_dead_chip_says_and_hears_nothing() -> None:
    world = await make_world()
    said = len(world.log)
    world.board.silence()
    assert loop().next_event() is None
    assert not await advertisements(world.phone.device, 5)
    assert not [r for r in list(world.log)[said:] if r.station == "board"]


@in_virtual_time
async def test_a_dead_chip_that_held_a_link_never_learns_of_its_end() -> None:
    world = await make_world()
    await world.connect_peer()
    ended: list[int] = []
    world.board_connection.on("disconnection", ended.append)
    world.board.silence()
    await asyncio.sleep(10)
    assert not ended


@in_virtual_time
async def test_both_ends_may_die() -> None:
    world = await make_world()
    await world.connect_peer()
    world.board.silence()
    world.phone.silence()
    assert loop().next_event() is None


@in_virtual_time
async def test_a_phone_keeps_waiting_for_a_chip_that_has_already_rebooted() -> None:
    world = await make_world()
    board = await world.connect_peer()
    await board.connection.pair()
    await asyncio.sleep(1)
    await reboot(world)
    with pytest.raises(hci.HCI_Error, match="CONNECTION_ALREADY_EXISTS"):
        await world.phone.device.connect(hci.Address(BOARD), timeout=5)
    await disconnection(board.connection)
    again = await world.connect_peer()
    await again.connection.encrypt()
    assert await again[ENCRYPTED].read_value() == b"secret"


@in_virtual_time
async def test_faults_and_places_outlive_a_reboot() -> None:
    world = await make_world()
    world.board.move((0, 30))
    world.air.set_loss(world.board, world.phone, 0.5)
    await reboot(world)
    assert world.air.distance_m(world.board, world.phone) == 30
    assert world.air.loss(world.board, world.phone) == 0.5


@in_virtual_time
async def test_leaving_is_told_to_peers() -> None:
    world = await make_world()
    link = (await world.connect_peer()).connection
    ended = asyncio.ensure_future(disconnection(link))
    await world.board.leave()
    assert await ended == hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR
    assert not await advertisements(world.phone.device, 5)


@in_virtual_time
async def test_a_radio_can_be_switched_off_and_on() -> None:
    world = await make_world()
    await world.connect_peer()
    await world.board.device.power_off()
    assert not world.board.device.connections
    await world.board.power_on()
    await advertise(world.board.device)
    await world.phone.device.connect(hci.Address(BOARD), timeout=5)


@in_virtual_time
async def test_switching_off_ends_an_attempt_to_connect() -> None:
    world = await make_world()
    attempt = asyncio.ensure_future(
        world.phone.device.connect(hci.Address("C0:00:00:00:00:01"), timeout=None)
    )
    await asyncio.sleep(1)
    await world.phone.device.power_off()
    with pytest.raises(core.InvalidStateError):
        await attempt


@pytest.mark.parametrize("address_type", ["random", "public"])
@in_virtual_time
async def test_a_station_goes_by_its_address(address_type: str) -> None:
    world = await make_world(address_type=address_type)
    heard = await advertisements(world.phone.device, 1)
    assert {a.address.to_string(False) for a in heard} == {BOARD}
    assert {a.address.is_public for a in heard} == {address_type == "public"}
    link = await world.phone.device.connect(heard[0].address, timeout=5)
    await link.pair()
    assert link.peer_address.to_string(False) == BOARD


@pytest.mark.parametrize("address_type", ["random", "public"])
@in_virtual_time
async def test_a_private_station_shows_its_address_to_nobody(address_type: str) -> None:
    world = await make_world(address_type=address_type, private=True)
    heard = await advertisements(world.phone.device, 1)
    assert all(a.address.is_resolvable for a in heard)
    link = await world.phone.device.connect(heard[0].address, timeout=5)
    await link.pair()
    assert link.peer_address.to_string(False) == BOARD
    assert link.peer_address.is_public == (address_type == "public")
