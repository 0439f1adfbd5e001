"""bleak's scanner and adapter on a virtual phone, and programs that know nothing of it."""

import asyncio
from typing import Any

import pytest
from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakError,
)

from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.bleak_backend.routing import route_bleak

from .programs import connected
from .world import (
    BOARD,
    PLAIN,
    SERVICE,
    in_virtual_time,
    make_world,
)


@in_virtual_time
async def test_what_a_scanner_tells() -> None:
    world = await make_world()
    scanner = VirtualRadio(world.phone).scanner()
    async with scanner:
        await asyncio.sleep(1)
    ((device, heard),) = scanner.discovered_devices_and_advertisement_data.values()
    assert (device.address, device.name) == (BOARD, "Vigie")
    assert heard.local_name == "Vigie"
    assert heard.service_uuids == [SERVICE]
    assert heard.rssi == world.air.rssi_dbm(world.board, world.phone)


@in_virtual_time
async def test_a_scanner_filters_by_service() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    async with radio.scanner(service_uuids=["1234"]) as scanner:
        await asyncio.sleep(1)
    assert not scanner.discovered_devices


@in_virtual_time
async def test_a_detection_callback_may_be_a_coroutine() -> None:
    world = await make_world()
    heard: list[str] = []

    async def on_device(device: BLEDevice, _: AdvertisementData) -> None:
        await asyncio.sleep(0)
        heard.append(device.address)

    async with VirtualRadio(world.phone).scanner(on_device):
        await asyncio.sleep(1)
    assert set(heard) == {BOARD}


@in_virtual_time
async def test_scanners_share_the_radio() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    async with radio.scanner() as first:
        async with radio.scanner() as second:
            await asyncio.sleep(1)
        await asyncio.sleep(1)
        assert world.phone.device.is_scanning
    assert not world.phone.device.is_scanning
    assert first.discovered_devices
    assert second.discovered_devices


@in_virtual_time
async def test_programs_share_the_radio_too() -> None:
    world = await make_world()
    profile = PhoneProfile(mtu=100)
    async with (
        VirtualRadio(world.phone, profile).scanner() as first,
        VirtualRadio(world.phone).scanner() as second,
    ):
        await asyncio.sleep(1)
    assert first.discovered_devices
    assert second.discovered_devices
    async with VirtualRadio(world.phone).client(BOARD) as client:
        assert client.mtu_size == 100
    with pytest.raises(ValueError, match="another kind"):
        VirtualRadio(world.phone, PhoneProfile())


@in_virtual_time
async def test_starting_and_stopping_scanners_at_once() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)

    async def scan() -> None:
        async with radio.scanner():
            await asyncio.sleep(0.5)

    await asyncio.gather(*(scan() for _ in range(5)))
    assert not world.phone.device.is_scanning


@in_virtual_time
async def test_a_scanner_starts_once_and_stops_as_often_as_you_like() -> None:
    world = await make_world()
    scanner = VirtualRadio(world.phone).scanner()
    await scanner.stop()
    await scanner.start()
    with pytest.raises(BleakError, match="already"):
        await scanner.start()
    await scanner.stop()
    await scanner.stop()
    await scanner.start()
    await scanner.stop()


@in_virtual_time
async def test_a_radio_that_is_off_is_not_available() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    await world.phone.device.power_off()
    with pytest.raises(BleakBluetoothNotAvailableError) as refused:
        await radio.scanner().start()
    assert refused.value.reason is BleakBluetoothNotAvailableReason.POWERED_OFF
    with pytest.raises(BleakBluetoothNotAvailableError):
        await radio.client(BOARD).connect()


@in_virtual_time
async def test_the_adapter_knows_the_connected_devices() -> None:
    world = await make_world()
    radio, client = await connected(world)
    adapter = radio.adapter()
    (device,) = await adapter.get_connected_devices()
    assert device.address == BOARD
    assert await adapter.get_connected_devices([SERVICE])
    assert not await adapter.get_connected_devices(["1234"])
    await client.disconnect()
    assert not await adapter.get_connected_devices()


async def unmodified_program() -> bytes:
    device = await BleakScanner.find_device_by_filter(
        lambda _, heard: SERVICE in heard.service_uuids, timeout=5
    )
    assert device
    async with BleakClient(device) as client:
        adapter = await BleakAdapter.get()
        assert len(await adapter.get_connected_devices()) == 1
        return bytes(await client.read_gatt_char(PLAIN))


@in_virtual_time
async def test_an_unmodified_program_runs_on_the_phone_of_its_task() -> None:
    world = await make_world()
    with route_bleak(), VirtualRadio(world.phone).in_use():
        assert await asyncio.create_task(unmodified_program()) == b"hello"


@in_virtual_time
async def test_a_task_without_a_phone_has_no_bluetooth() -> None:
    with route_bleak(), pytest.raises(BleakBluetoothNotAvailableError) as refused:
        await unmodified_program()
    assert refused.value.reason is BleakBluetoothNotAvailableReason.NO_BLUETOOTH


def test_routing_can_be_undone() -> None:
    import bleak

    def backends() -> list[Any]:
        return [value for name, value in vars(bleak).items() if name.startswith("get_platform")]

    before = backends()
    with route_bleak():
        assert backends() != before
    assert backends() == before
