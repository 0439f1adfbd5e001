"""Mistakes of bumble 0.0.236 in making connections.

Every test runs on stock bumble too, where it has to fail: one that passes there means that the
repair has become superfluous.
"""

import asyncio
from typing import Any

import pytest
from bumble import core, hci

from .repairs import PATIENCE_S, Bench, board_and_phone, board_end, connected, repaired
from .world import (
    ADVERTISEMENT,
    BOARD,
    NOTIFYING,
    advertise,
    find_board,
    in_virtual_time,
)


@repaired
@in_virtual_time
async def test_connecting_to_an_absent_device_times_out_and_leaves_nothing(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(core.TimeoutError):
            await phone.device.connect(hci.Address("C0:00:00:00:00:01"), timeout=1)
    await advertise(board.device)
    await phone.device.connect(await find_board(phone.device), timeout=5)


@repaired
@in_virtual_time
async def test_a_cancelled_connect_leaves_nothing(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await phone.device.connect(hci.Address(BOARD), timeout=None)
    await advertise(board.device)
    await asyncio.sleep(1)
    assert not board.device.connections
    await phone.device.connect(hci.Address(BOARD), timeout=5)


@repaired
@in_virtual_time
async def test_connecting_twice_is_refused(bench: Bench) -> None:
    _, phone, _, discovered = await connected(bench)
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(hci.HCI_Error):
            await phone.device.connect(discovered.connection.peer_address, timeout=5)


@repaired
@in_virtual_time
async def test_the_peripheral_knows_the_parameters(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench)
    assert discovered.connection.parameters == board_end(board).parameters


@repaired
@in_virtual_time
async def test_a_board_with_a_public_address_can_talk(bench: Bench) -> None:
    _, _, _, discovered = await connected(bench, public=True)
    assert await discovered[NOTIFYING].read_value() == b"notify"


@repaired
@in_virtual_time
async def test_who_disconnects_knows_that_it_was_the_local_host(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench)
    reasons: list[int] = []
    discovered.connection.on("disconnection", reasons.append)
    board_end(board).on("disconnection", reasons.append)
    await discovered.connection.disconnect()
    await asyncio.sleep(0.1)
    assert sorted(reasons) == [
        hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR,
        hci.HCI_CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR,
    ]


@repaired
@in_virtual_time
async def test_the_controller_makes_private_addresses(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    board.device.address_generation_offload = True
    await board.device.refresh_resolving_list()
    await board.device.start_advertising(
        own_address_type=hci.OwnAddressType.RESOLVABLE_OR_RANDOM,
        advertising_data=ADVERTISEMENT,
        advertising_interval_min=100,
    )
    first = await find_board(phone.device)
    await asyncio.sleep(1000)
    second = await find_board(phone.device)
    assert first.is_resolvable
    assert second.is_resolvable
    assert first != second


@repaired
@in_virtual_time
async def test_the_controller_knows_who_is_behind_a_private_address(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench, private=True)
    await advertise(board.device)
    phone.device.address_resolution_offload = True
    commands: list[Any] = [
        hci.HCI_LE_Add_Device_To_Resolving_List_Command(
            peer_identity_address_type=1,
            peer_identity_address=hci.Address(BOARD),
            peer_irk=board.device.irk,
            local_irk=bytes(16),
        ),
        hci.HCI_LE_Set_Address_Resolution_Enable_Command(address_resolution_enable=1),
    ]
    for command in commands:
        await phone.device.send_sync_command(command)
    assert await find_board(phone.device) == hci.Address(BOARD)
    link = await phone.device.connect(hci.Address(BOARD), timeout=5)
    assert link.peer_address == hci.Address(BOARD)
    assert link.peer_resolvable_address == board.device.random_address
