"""Mistakes of bumble 0.0.236 in advertising and scanning.

Every test runs on stock bumble too, where it has to fail: one that passes there means that the
repair has become superfluous.
"""

import asyncio
import itertools
from typing import Any

from bumble import hci
from bumble.core import AdvertisingData

from .repairs import Bench, board_and_phone, repaired
from .world import (
    AirBench,
    advertise,
    advertisements,
    in_virtual_time,
    listening,
    now,
)


@repaired
@in_virtual_time
async def test_an_active_scan_gets_the_scan_response(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    await advertise(board.device)
    heard = await advertisements(phone.device, 1)
    names = [a.data.get(AdvertisingData.Type.COMPLETE_LOCAL_NAME) for a in heard]
    assert "Vigie" in names


@repaired
@in_virtual_time
async def test_a_passive_scan_gets_no_scan_response(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    await advertise(board.device)
    heard = await advertisements(phone.device, 1, active=False)
    assert heard
    assert not any(a.is_scan_response for a in heard)


@repaired
@in_virtual_time
async def test_signal_strength_is_that_of_the_distance(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    if bench is AirBench:
        board.move((0, 10))
    await advertise(board.device)
    heard = await advertisements(phone.device, 1)
    assert {a.rssi for a in heard} == {-70}


@repaired
@in_virtual_time
async def test_duplicates_are_filtered_if_wanted(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    await advertise(board.device)
    heard = await advertisements(phone.device, 3, filter_duplicates=True)
    assert len(heard) == 1


async def advertise_by_legacy_commands(device: Any, interval_units: int) -> None:
    commands: list[Any] = [
        hci.HCI_LE_Set_Advertising_Parameters_Command(
            advertising_interval_min=interval_units,
            advertising_interval_max=interval_units,
            advertising_type=0,
            own_address_type=hci.OwnAddressType.RANDOM,
            peer_address_type=0,
            peer_address=hci.Address.ANY,
            advertising_channel_map=7,
            advertising_filter_policy=0,
        ),
        hci.HCI_LE_Set_Advertising_Enable_Command(advertising_enable=1),
    ]
    for command in commands:
        await device.send_sync_command(command)


async def gaps_s(phone: Any, duration_s: float) -> list[float]:
    """The times between the advertisements that a phone hears."""
    times: list[float] = []

    def note(_advertisement: Any) -> None:
        times.append(now())

    with listening(phone.device, "advertisement", note):
        await phone.device.start_scanning(active=False)
        await asyncio.sleep(duration_s)
    return [later - earlier for earlier, later in itertools.pairwise(times)]


@repaired
@in_virtual_time
async def test_legacy_advertising_counts_in_units_of_625_us(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    await advertise_by_legacy_commands(board.device, 160)
    assert all(0.1 <= gap <= 0.110 + 1e-9 for gap in await gaps_s(phone, 5))


@repaired
@in_virtual_time
async def test_every_advertisement_is_delayed_a_little_differently(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    await advertise(board.device, interval_ms=100)
    gaps = await gaps_s(phone, 5)
    assert len(set(gaps)) > 40
    assert all(0.1 <= gap <= 0.110 + 1e-9 for gap in gaps)


@repaired
@in_virtual_time
async def test_starting_twice_does_not_advertise_twice_as_often(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    await advertise(board.device)
    await board.device.legacy_advertising_set.start()
    heard = await advertisements(phone.device, 10, active=False)
    assert len([a for a in heard if not a.is_scan_response]) < 110


@repaired
@in_virtual_time
async def test_a_reset_stops_advertising(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    await advertise(board.device)
    await board.device.send_sync_command(hci.HCI_Reset_Command())
    assert not await advertisements(phone.device, 2)


@repaired
@in_virtual_time
async def test_switching_off_stops_advertising(bench: Bench) -> None:
    board, phone, _ = await board_and_phone(bench)
    await advertise(board.device)
    await board.device.power_off()
    assert not await advertisements(phone.device, 2)
