"""Pairing, bonds and what they are worth."""

import asyncio
from dataclasses import replace

import pytest
from bumble import att, core, hci

from vigie.radio.pairing import IoCapability, PairingPolicy

from .world import (
    AUTHENTICATED,
    BOARD,
    ENCRYPTED,
    Discovered,
    World,
    bonds,
    in_virtual_time,
    make_world,
)


class Users:
    """The people at both ends, who can see and tell each other numbers."""

    def __init__(self) -> None:
        self.shown: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.compared: list[int] = []

    def policy(self, io: IoCapability) -> PairingPolicy:
        return PairingPolicy(
            io=io,
            mitm=True,
            show_number=self.shown.set_result,
            enter_number=self.enter,
            confirm_number=self.compare,
        )

    async def enter(self) -> int | None:
        return await self.shown

    async def compare(self, number: int) -> bool:
        self.compared.append(number)
        return True


async def mislead() -> int | None:
    return 1


async def pair(world: World) -> Discovered:
    board = await world.connect_peer()
    await board.connection.pair()
    await asyncio.sleep(0.1)
    return board


@in_virtual_time
async def test_just_works_encrypts_and_bonds() -> None:
    world = await make_world()
    board = await pair(world)
    assert await board[ENCRYPTED].read_value() == b"secret"
    assert len(await bonds(world.board).get_all()) == 1
    assert len(await bonds(world.phone).get_all()) == 1


@pytest.mark.parametrize(
    ("board_io", "phone_io"),
    [
        (IoCapability.DISPLAY_OUTPUT_ONLY, IoCapability.KEYBOARD_INPUT_ONLY),
        (IoCapability.KEYBOARD_INPUT_ONLY, IoCapability.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT),
    ],
    ids=["board shows", "phone shows"],
)
@pytest.mark.parametrize("secure_connections", [True, False], ids=["secure", "legacy"])
@in_virtual_time
async def test_passkey_authenticates(
    board_io: IoCapability, phone_io: IoCapability, secure_connections: bool
) -> None:
    world = await make_world()
    users = Users()
    for station, io in ((world.board, board_io), (world.phone, phone_io)):
        policy = replace(users.policy(io), secure_connections=secure_connections)
        station.set_pairing(policy)
    board = await pair(world)
    assert await board[AUTHENTICATED].read_value() == b"top secret"
    assert board.connection.sc is secure_connections


@in_virtual_time
async def test_numeric_comparison_authenticates() -> None:
    world = await make_world()
    users = Users()
    for station in (world.board, world.phone):
        station.set_pairing(users.policy(IoCapability.DISPLAY_OUTPUT_AND_YES_NO_INPUT))
    board = await pair(world)
    assert await board[AUTHENTICATED].read_value() == b"top secret"
    assert len(users.compared) == 2
    assert len(set(users.compared)) == 1


@in_virtual_time
async def test_a_wrong_passkey_is_refused() -> None:
    world = await make_world()
    users = Users()
    world.board.set_pairing(users.policy(IoCapability.DISPLAY_OUTPUT_ONLY))
    careless = replace(users.policy(IoCapability.KEYBOARD_INPUT_ONLY), enter_number=mislead)
    world.phone.set_pairing(careless)
    board = await world.connect_peer()
    with pytest.raises(core.ProtocolError, match="CONFIRM_VALUE_FAILED"):
        await board.connection.pair()
    assert not board.connection.is_encrypted


@in_virtual_time
async def test_a_refusal_is_told() -> None:
    world = await make_world()
    world.board.set_pairing(PairingPolicy(accept=False))
    board = await world.connect_peer()
    with pytest.raises(core.ProtocolError, match="PAIRING_NOT_SUPPORTED"):
        await board.connection.pair()


@pytest.mark.parametrize("private", [False, True], ids=["static address", "private address"])
@in_virtual_time
async def test_a_bonded_peer_is_found_by_its_identity(private: bool) -> None:
    world = await make_world(private=private)
    board = await pair(world)
    await board.connection.disconnect()
    link = await world.phone.device.connect(hci.Address(BOARD), timeout=5)
    await link.encrypt()
    assert link.is_encrypted
    assert not link.authenticated


@in_virtual_time
async def test_an_authenticated_bond_stays_authenticated() -> None:
    world = await make_world()
    users = Users()
    world.board.set_pairing(users.policy(IoCapability.DISPLAY_OUTPUT_ONLY))
    world.phone.set_pairing(users.policy(IoCapability.KEYBOARD_INPUT_ONLY))
    board = await pair(world)
    await board.connection.disconnect()
    link = await world.phone.device.connect(hci.Address(BOARD), timeout=5)
    await link.encrypt()
    await asyncio.sleep(0.1)
    assert link.authenticated
    assert world.board_connection.authenticated
    assert link.encryption_key_size == 16


@in_virtual_time
async def test_a_board_that_forgot_the_bond_has_no_key() -> None:
    world = await make_world()
    board = await pair(world)
    await board.connection.disconnect()
    await bonds(world.board).delete_all()
    link = await world.phone.device.connect(hci.Address(BOARD), timeout=5)
    with pytest.raises(hci.HCI_Error, match="PIN_OR_KEY_MISSING"):
        await link.encrypt()
    assert not link.is_encrypted


@in_virtual_time
async def test_a_damaged_key_ends_the_link_on_both_sides() -> None:
    world = await make_world()
    board = await pair(world)
    await board.connection.disconnect()
    (_, keys), *_ = await bonds(world.board).get_all()
    assert keys.ltk
    keys.ltk.value = bytes(16)
    link = await world.phone.device.connect(hci.Address(BOARD), timeout=5)
    reasons: list[int] = []
    link.on("disconnection", reasons.append)
    world.board_connection.on("disconnection", reasons.append)
    with pytest.raises(asyncio.CancelledError):
        await link.encrypt()
    assert reasons == [hci.HCI_CONNECTION_TERMINATED_DUE_TO_MIC_FAILURE_ERROR] * 2


@in_virtual_time
async def test_a_stronger_pairing_may_follow_on_the_same_link() -> None:
    world = await make_world()
    board = await pair(world)
    with pytest.raises(att.ATT_Error):
        await board[AUTHENTICATED].read_value()
    users = Users()
    world.board.set_pairing(users.policy(IoCapability.DISPLAY_OUTPUT_ONLY))
    world.phone.set_pairing(users.policy(IoCapability.KEYBOARD_INPUT_ONLY))
    await board.connection.pair()
    await asyncio.sleep(0.1)
    assert await board[AUTHENTICATED].read_value() == b"top secret"


@in_virtual_time
async def test_a_failed_stronger_pairing_makes_no_bond_stronger() -> None:
    world = await make_world()
    board = await pair(world)
    await board.connection.disconnect()
    users = Users()
    world.board.set_pairing(users.policy(IoCapability.DISPLAY_OUTPUT_ONLY))
    careless = replace(users.policy(IoCapability.KEYBOARD_INPUT_ONLY), enter_number=mislead)
    world.phone.set_pairing(careless)
    board = await world.connect_peer()
    with pytest.raises(core.ProtocolError):
        await board.connection.pair()
    await board.connection.encrypt()
    await asyncio.sleep(0.1)
    assert not board.connection.authenticated
    assert not world.board_connection.authenticated
    with pytest.raises(att.ATT_Error):
        await board[AUTHENTICATED].read_value()
