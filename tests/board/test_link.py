"""The link: found, greeted, kept, and not for strangers."""

import asyncio

import pytest

from button.core.wire import ALERTS_DROPPED, DOWN_UUID, KEY_STUCK, SIREN_ON, STORE_FAILED
from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.phone.events import Acknowledged, ButtonState, LinkLost, LinkUp


async def test_the_button_says_how_it_is(board: Board, phone: BenchPhone) -> None:
    await phone.connect()
    state = (await phone.transcript.saw(ButtonState, within_s=1)).state
    assert state.protocol == 1
    assert state.flags & (SIREN_ON | KEY_STUCK | STORE_FAILED | ALERTS_DROPPED) == 0
    assert state.battery_mv == pytest.approx(3900, rel=0.05)
    assert state.pending == 0
    assert state.free_heap > 0


async def test_it_says_at_once_when_the_siren_sounds(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    await asyncio.sleep(1)
    await rig.press(2200)
    await phone.transcript.saw(
        ButtonState, within_s=1, where=lambda e: bool(e.state.flags & SIREN_ON)
    )


@pytest.mark.needs("distance", "hours")
async def test_a_lost_link_comes_back_by_itself(board: Board, phone: BenchPhone) -> None:
    await phone.connect()
    phone.walk_to(500.0)
    await phone.transcript.saw(LinkLost, within_s=2)
    await board.console.said("link down", within_s=2)
    await asyncio.sleep(1800)
    since = len(phone.transcript.events)
    phone.walk_to(1.0)
    await phone.transcript.saw(LinkUp, within_s=5, since=since)


async def test_a_phone_that_restarts_is_greeted_again(board: Board, phone: BenchPhone) -> None:
    for _ in range(5):
        await phone.connect()
        phone.kill()
        await asyncio.sleep(3)
    assert len(phone.transcript.of(LinkUp)) == 5


async def test_a_visitor_who_says_nothing_is_sent_away(
    board: Board, stranger: BenchPhone, phone: BenchPhone
) -> None:
    client = await stranger.visit()
    await asyncio.sleep(6)
    assert not client.is_connected
    await phone.connect()


@pytest.mark.needs("siren")
async def test_garbage_is_refused_and_does_no_harm(
    board: Board, rig: Rig, stranger: BenchPhone, phone: BenchPhone
) -> None:
    client = await stranger.visit()
    for frame in (b"", b"\x00", b"\x01" * 5, b"\x01\x01\x00\x00\x00\x84\x01", bytes(range(200))):
        await client.write_gatt_char(DOWN_UUID, frame, response=True)
    await asyncio.sleep(1)
    assert not rig.siren.active
    await client.disconnect()
    await phone.connect()


@pytest.mark.needs("siren")
async def test_nobody_who_has_not_said_hello_can_command_the_button(
    board: Board, rig: Rig, stranger: BenchPhone
) -> None:
    client = await stranger.visit()
    siren_on = b"\x01\x01\x00\x00\x00\x84\x01"
    await client.write_gatt_char(DOWN_UUID, siren_on, response=True)
    await asyncio.sleep(1)
    assert not rig.siren.active
    await board.console.said("refused: before hello", within_s=1)


async def test_the_advertisement_tells_no_name(board: Board, stranger: BenchPhone) -> None:
    device, advertisement = await stranger.scan()
    assert advertisement.local_name is None
    assert advertisement.manufacturer_data == {}
    assert device.name is None


@pytest.mark.needs("mtu")
async def test_an_alert_passes_a_connection_that_carries_20_bytes(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    phone.carry_at_most(23)
    await phone.connect()
    await phone.transcript.saw(ButtonState, within_s=1)
    await rig.press()
    await phone.transcript.saw(Acknowledged, within_s=2)


async def test_a_visitor_who_talks_nonsense_is_sent_away(
    board: Board, stranger: BenchPhone, phone: BenchPhone
) -> None:
    client = await stranger.visit()
    for _ in range(9):
        await client.write_gatt_char(DOWN_UUID, b"nonsense", response=True)
    await asyncio.sleep(1)
    assert not client.is_connected
    await phone.connect()
