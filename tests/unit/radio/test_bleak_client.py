"""bleak's client on a virtual phone."""

import asyncio
from typing import Any

import pytest
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import (
    BleakCharacteristicNotFoundError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)
from bumble import att

from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.bleak_backend.routing import route_bleak

from .programs import ABSENT, connected, find, ignore
from .world import (
    BOARD,
    ENCRYPTED,
    INDICATING,
    NOTIFYING,
    PLAIN,
    SERVICE,
    advertise,
    in_virtual_time,
    make_world,
    now,
)


@in_virtual_time
async def test_a_tour() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    ended = asyncio.Event()
    device = await find(radio)
    async with radio.client(device, lambda _: ended.set()) as client:
        assert client.is_connected
        assert client.mtu_size == 247
        assert client.address == BOARD
        assert client.services.get_service(SERVICE)
        assert await client.read_gatt_char(PLAIN) == b"hello"
        await client.write_gatt_char(PLAIN, b"abc", response=True)
        assert await client.read_gatt_char(PLAIN) == b"abc"
        await client.write_gatt_char(PLAIN, b"def", response=False)
        assert await client.read_gatt_char(PLAIN) == b"def"
        await client.write_gatt_char(PLAIN, b"z" * 400, response=True)
        assert await client.read_gatt_char(PLAIN) == b"z" * 400
    await asyncio.wait_for(ended.wait(), 1)
    assert not client.is_connected
    with pytest.raises(BleakError):
        _ = client.services
    with pytest.raises(BleakError):
        await client.read_gatt_char(PLAIN)


@in_virtual_time
async def test_connection_parameters_are_those_of_the_profile() -> None:
    world = await make_world()
    profile = PhoneProfile(mtu=100, connection_interval_ms=45, supervision_timeout_ms=2000)
    _, client = await connected(world, profile)
    assert client.mtu_size == 100
    assert world.board_connection.parameters.connection_interval == 45
    assert world.board_connection.parameters.supervision_timeout == 2000


def test_a_profile_that_no_radio_can_do_is_refused() -> None:
    with pytest.raises(ValueError, match="link"):
        PhoneProfile(connection_interval_ms=1)


@in_virtual_time
async def test_connecting_by_address_scans_first() -> None:
    world = await make_world()
    async with VirtualRadio(world.phone).client(BOARD.lower()) as client:
        assert await client.read_gatt_char(PLAIN) == b"hello"
    assert not world.phone.device.is_scanning


@in_virtual_time
async def test_only_wanted_services_are_resolved() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    with route_bleak(), radio.in_use():
        async with BleakClient(BOARD, services=[SERVICE]) as client:
            assert [service.uuid for service in client.services] == [SERVICE]


@in_virtual_time
async def test_descriptors_are_found_and_read() -> None:
    world = await make_world()
    _, client = await connected(world)
    characteristic = client.services.get_characteristic(NOTIFYING)
    assert characteristic
    (descriptor,) = characteristic.descriptors
    assert await client.read_gatt_descriptor(descriptor) == b"\0\0"
    assert characteristic.max_write_without_response_size == 244
    assert characteristic.properties == ["notify", "read"]


@in_virtual_time
async def test_the_name_is_the_advertised_one_or_the_address() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    assert radio.client(await find(radio)).name == "Vigie"
    assert radio.client(BOARD).name == BOARD.replace(":", "-")


@in_virtual_time
async def test_protocol_errors_keep_their_codes() -> None:
    world = await make_world()

    def refuse(_connection: Any, _value: bytes) -> None:
        raise att.ATT_Error(att.ErrorCode.VALUE_NOT_ALLOWED)

    world.services.refuse = refuse
    _, client = await connected(world)
    with pytest.raises(BleakGATTProtocolError) as refused:
        await client.write_gatt_char(PLAIN, b"x", response=True)
    assert refused.value.code is BleakGATTProtocolErrorCode.VALUE_NOT_ALLOWED


@in_virtual_time
async def test_values_that_do_not_fit_are_refused() -> None:
    world = await make_world()
    _, client = await connected(world)
    with pytest.raises(BleakError, match="too long"):
        await client.write_gatt_char(PLAIN, bytes(245), response=False)
    with pytest.raises(BleakCharacteristicNotFoundError):
        await client.read_gatt_char("2a00" + "0" * 4)


@in_virtual_time
async def test_a_device_that_does_not_advertise_is_not_found() -> None:
    world = await make_world()
    begun_s = now()
    with pytest.raises(BleakDeviceNotFoundError) as missing:
        await VirtualRadio(world.phone).client(ABSENT, timeout=3).connect()
    assert missing.value.identifier == ABSENT
    assert now() - begun_s == pytest.approx(3)


@in_virtual_time
async def test_a_device_that_has_gone_times_out() -> None:
    world = await make_world()
    radio = VirtualRadio(world.phone)
    device = await find(radio)
    world.air.set_loss(world.board, world.phone, 1)
    begun_s = now()
    with pytest.raises(TimeoutError):
        await radio.client(device, timeout=3).connect()
    assert now() - begun_s == pytest.approx(3, abs=0.1)
    world.air.set_loss(world.board, world.phone, None)
    async with radio.client(device, timeout=3):
        pass


@in_virtual_time
async def test_a_client_connects_once() -> None:
    world = await make_world()
    radio, client = await connected(world)
    with pytest.raises(BleakError, match="already connected"):
        await client.connect()
    with pytest.raises(BleakError, match="ALREADY_EXISTS"):
        await radio.client(BLEDevice(BOARD, None, world.board.device.random_address)).connect()
    assert client.is_connected


@in_virtual_time
async def test_a_client_that_is_connecting_is_not_disturbed() -> None:
    world = await make_world()
    client = VirtualRadio(world.phone).client(BOARD)
    connecting = asyncio.ensure_future(client.connect())
    await asyncio.sleep(0)
    with pytest.raises(BleakError, match="connecting"):
        await client.connect()
    await connecting
    assert await client.read_gatt_char(PLAIN) == b"hello"


@in_virtual_time
async def test_a_known_device_is_found_again_after_its_private_address_has_changed() -> None:
    world = await make_world(private=True)
    radio = VirtualRadio(world.phone)
    device = await find(radio)
    async with radio.client(device) as client:
        await client.pair()
        await world.board.device.stop_advertising()
        assert await world.board.device.update_rpa()
    await advertise(world.board.device)
    await client.connect()
    await client.disconnect()
    async with radio.client(device) as again:
        assert await again.read_gatt_char(ENCRYPTED) == b"secret"


@in_virtual_time
async def test_a_client_may_connect_again() -> None:
    world = await make_world()
    _, client = await connected(world)
    for _ in range(3):
        await client.disconnect()
        await client.connect()
        assert await client.read_gatt_char(PLAIN) == b"hello"


@in_virtual_time
async def test_notifications_and_indications() -> None:
    world = await make_world()
    _, client = await connected(world)
    got: list[tuple[str, bytes]] = []

    def on_notification(characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        got.append((characteristic.uuid, bytes(value)))

    async def on_indication(characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        got.append((characteristic.uuid, bytes(value)))

    await client.start_notify(NOTIFYING, on_notification)
    await client.start_notify(INDICATING, on_indication)
    await world.board.device.notify_subscribers(world.services.notifying, b"N" * 244)
    await asyncio.sleep(0.1)
    await world.board.device.indicate_subscribers(world.services.indicating, b"I")
    await asyncio.sleep(0.1)
    assert got == [(NOTIFYING, b"N" * 244), (INDICATING, b"I")]
    await client.stop_notify(NOTIFYING)
    await world.board.device.notify_subscribers(world.services.notifying, b"late")
    await asyncio.sleep(0.1)
    assert len(got) == 2


@in_virtual_time
async def test_notifications_are_started_once_and_only_where_there_are_some() -> None:
    world = await make_world()
    _, client = await connected(world)
    with pytest.raises(BleakError, match="neither"):
        await client.start_notify(PLAIN, ignore)
    with pytest.raises(BleakError, match="not started"):
        await client.stop_notify(NOTIFYING)
    await client.start_notify(NOTIFYING, ignore)
    with pytest.raises(BleakError, match="already"):
        await client.start_notify(NOTIFYING, ignore)
    await client.stop_notify(NOTIFYING)
    await client.start_notify(NOTIFYING, ignore)


@in_virtual_time
async def test_notifications_end_with_the_connection() -> None:
    world = await make_world()
    _, client = await connected(world)
    got: list[bytes] = []
    await client.start_notify(NOTIFYING, lambda _, value: got.append(bytes(value)))
    await client.disconnect()
    await client.connect()
    await world.board.device.notify_subscribers(world.services.notifying, b"?")
    await asyncio.sleep(0.1)
    assert not got
    await client.start_notify(NOTIFYING, lambda _, value: got.append(bytes(value)))
    await world.board.device.notify_subscribers(world.services.notifying, b"!")
    await asyncio.sleep(0.1)
    assert got == [b"!"]
