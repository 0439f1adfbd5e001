"""Mistakes of bumble 0.0.236 about links, and what it accepts without doing it.

Every test runs on stock bumble too, where it has to fail: one that passes there means that the
repair has become superfluous.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from bumble import core, hci
from bumble.device import AdvertisingParameters

from .repairs import PATIENCE_S, Bench, board_and_phone, board_end, connected, repaired
from .world import (
    BOARD,
    NOTIFYING,
    PHONE,
    AirBench,
    advertise,
    find_board,
    in_virtual_time,
    now,
)


@repaired
@in_virtual_time
async def test_a_link_survives_a_new_private_address(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench, private=True, private_address_s=1)
    before = board.device.random_address
    await asyncio.sleep(5)
    assert board.device.random_address != before
    async with asyncio.timeout(5):
        assert await discovered[NOTIFYING].read_value() == b"notify"


@repaired
@in_virtual_time
async def test_a_new_private_address_is_used_on_the_air(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench, private=True)
    assert await board.device.update_rpa()
    assert board.controller.random_address == board.device.random_address
    await advertise(board.device)
    assert await find_board(phone.device) == board.device.random_address


@repaired
@in_virtual_time
async def test_signal_strength_of_a_link(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench)
    if bench is AirBench:
        board.move((0, 10))
    assert await discovered.connection.get_rssi() == -70


@repaired
@in_virtual_time
async def test_another_phy(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench)
    async with asyncio.timeout(PATIENCE_S):
        await discovered.connection.set_phy([hci.Phy.LE_2M], [hci.Phy.LE_2M])
        await asyncio.sleep(0.1)
    for end in (discovered.connection, board_end(board)):
        assert (await end.get_phy()).tx_phy == hci.Phy.LE_2M


@repaired
@in_virtual_time
async def test_data_length(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench)
    await asyncio.sleep(0.1)
    await discovered.connection.set_data_length(100, 2120)
    await asyncio.sleep(0.1)
    assert discovered.connection.data_length.max_tx_octets == 100
    assert board_end(board).data_length.max_rx_octets == 100


@repaired
@in_virtual_time
async def test_a_packet_is_completed_when_it_has_been_on_the_air(bench: Bench) -> None:
    board, _, services, discovered = await connected(bench)
    await discovered[NOTIFYING].subscribe()
    await board.device.notify_subscribers(services.notifying, b"value")
    queue = board_end(board).data_packet_queue
    assert queue is not None
    before_s = now()
    await asyncio.sleep(0)
    assert queue.pending == 1
    await board_end(board).drain()
    assert now() > before_s


@repaired
@in_virtual_time
async def test_the_central_is_asked_for_other_parameters(bench: Bench) -> None:
    board, phone, _, discovered = await connected(bench)
    asked: list[Any] = []
    with recording(phone, "on_hci_le_remote_connection_parameter_request_event", asked):
        await board_end(board).update_parameters(30, 30, 0, 2000)
    assert asked
    assert discovered.connection.parameters.connection_interval == 30


@contextmanager
def recording(station: Any, handler: str, seen: list[Any]) -> Generator[None]:
    """Note the events that the host of a station handles."""
    original = getattr(station.device.host, handler)

    def record(event: Any) -> None:
        seen.append(event)
        original(event)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(station.device.host, handler, record)
        yield


@repaired
@in_virtual_time
async def test_an_indication_does_not_outlive_its_link(bench: Bench) -> None:
    board, _, services, discovered = await connected(bench)

    async def indicate() -> float:
        with pytest.raises((core.ProtocolError, TimeoutError)):
            await board.device.indicate_subscriber(
                board_end(board), services.indicating, b"value", force=True
            )
        return now()

    indicating = asyncio.ensure_future(indicate())
    await asyncio.sleep(0)
    await discovered.connection.disconnect()
    over_s = now()
    assert await indicating <= over_s + 1


WITHOUT_EFFECT: list[Any] = [
    hci.HCI_LE_Add_Device_To_Filter_Accept_List_Command(
        address_type=1, address=hci.Address(BOARD)
    ),
    hci.HCI_LE_Set_Periodic_Advertising_Parameters_Command(
        advertising_handle=1,
        periodic_advertising_interval_min=80,
        periodic_advertising_interval_max=80,
        periodic_advertising_properties=0,
    ),
    hci.HCI_LE_Set_Privacy_Mode_Command(
        peer_identity_address_type=1, peer_identity_address=hci.Address(BOARD), privacy_mode=0
    ),
]


@repaired
@pytest.mark.parametrize("command", WITHOUT_EFFECT, ids=lambda command: command.name)
@in_virtual_time
async def test_commands_without_effect_are_refused(bench: Bench, command: Any) -> None:
    phone = await bench().station("phone", PHONE)
    with pytest.raises(hci.HCI_Error):
        await phone.device.send_sync_command(command)


@repaired
@in_virtual_time
async def test_unknown_commands_that_take_time_are_refused_at_once(bench: Bench) -> None:
    phone = await bench().station("phone", PHONE)
    command = hci.HCI_Read_Remote_Version_Information_Command(connection_handle=1)
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(hci.HCI_Error):
            await phone.device.send_async_command(command)


@repaired
@in_virtual_time
async def test_advertising_with_anything_but_legacy_pdus_is_refused(bench: Bench) -> None:
    board = await bench().station("board", BOARD)
    parameters = AdvertisingParameters()
    parameters.advertising_event_properties.is_legacy = False
    with pytest.raises(hci.HCI_Error):
        await board.device.create_advertising_set(parameters)
