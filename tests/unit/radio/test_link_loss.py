"""What becomes of a link on bad air."""

import asyncio

import pytest
from bumble import hci
from bumble.device import Connection

from .links import INTERVAL_S, TIMEOUT_S, Ends, notify, subscribed
from .world import (
    BOARD,
    in_virtual_time,
    loop,
    make_world,
    now,
)


@pytest.mark.parametrize("loss", [0, 0.1, 0.3, 0.5, 0.8])
@in_virtual_time
async def test_nothing_is_lost_and_order_is_kept(loss: float) -> None:
    world = await make_world()
    _, inbox = await subscribed(world)
    world.air.set_loss(world.board, world.phone, loss)
    for number in range(300):
        await notify(world, number)
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)
    assert inbox.got == list(range(300))


@in_virtual_time
async def test_up_to_a_disconnect_nothing_is_lost_either() -> None:
    world = await make_world()
    connection, inbox = await subscribed(world)
    ends = Ends(connection, world.board_connection)
    world.air.set_loss(world.board, world.phone, 0.9)
    for number in range(3000):
        if ends.seen:
            break
        await notify(world, number)
        await asyncio.sleep(0.1)
    assert ends.reasons == [hci.HCI_CONNECTION_TIMEOUT_ERROR] * 2
    assert len(inbox.got) > 10
    assert inbox.got == list(range(len(inbox.got)))


async def latencies_s(loss: float, count: int = 300) -> list[float]:
    world = await make_world()
    _, inbox = await subscribed(world)
    sent_s: list[float] = []
    world.air.set_loss(world.board, world.phone, loss)
    for number in range(count):
        sent_s.append(now())
        await notify(world, number)
        await asyncio.sleep(0.1037)
    await asyncio.sleep(2)
    return [b - a for a, b in zip(sent_s, inbox.times_s, strict=True)]


@in_virtual_time
async def test_a_clean_link_delivers_within_one_interval() -> None:
    assert max(await latencies_s(0)) < INTERVAL_S + 0.003


@in_virtual_time
async def test_half_the_events_lost_take_two_intervals_on_average() -> None:
    mean_s = sum(await latencies_s(0.5)) / 300
    assert mean_s == pytest.approx(1.5 * INTERVAL_S, rel=0.2)


@in_virtual_time
async def test_both_ends_notice_a_dead_link_within_the_timeout() -> None:
    world = await make_world()
    connection, _ = await subscribed(world)
    ends = Ends(connection, world.board_connection)
    before_s = now()
    world.air.set_loss(world.board, world.phone, 1)
    await asyncio.sleep(10)
    assert ends.reasons == [hci.HCI_CONNECTION_TIMEOUT_ERROR] * 2
    for at_s, _ in ends.seen:
        assert TIMEOUT_S - INTERVAL_S <= at_s - before_s <= TIMEOUT_S + 1e-6


@in_virtual_time
async def test_a_gap_shorter_than_the_timeout_goes_unnoticed() -> None:
    world = await make_world()
    connection, inbox = await subscribed(world)
    ends = Ends(connection)
    for number in range(20):
        world.air.set_loss(world.board, world.phone, 1)
        await notify(world, number)
        await asyncio.sleep(TIMEOUT_S - 2 * INTERVAL_S)
        world.air.set_loss(world.board, world.phone, None)
        await asyncio.sleep(0.1)
    assert not ends.seen
    assert inbox.got == list(range(20))


@in_virtual_time
async def test_a_noisy_idle_link_is_lost_as_well() -> None:
    world = await make_world()
    connection, _ = await subscribed(world)
    ends = Ends(connection, world.board_connection)
    world.air.set_loss(world.board, world.phone, 0.95)
    await asyncio.sleep(600)
    assert ends.reasons == [hci.HCI_CONNECTION_TIMEOUT_ERROR] * 2


@in_virtual_time
async def test_a_slightly_noisy_idle_link_lasts_and_costs_nothing() -> None:
    world = await make_world()
    await subscribed(world)
    world.air.set_loss(world.board, world.phone, 0.2)
    assert loop().next_event() is None


@in_virtual_time
async def test_walking_away_and_coming_back() -> None:
    world = await make_world()
    connection, inbox = await subscribed(world)
    ends = Ends(connection, world.board_connection)
    for step in range(400):
        if ends.seen:
            break
        world.phone.move((step * 0.5, 0))
        await notify(world, step)
        await asyncio.sleep(0.5)
    assert ends.reasons == [hci.HCI_CONNECTION_TIMEOUT_ERROR] * 2
    assert inbox.got == list(range(len(inbox.got)))
    assert 40 < len(inbox.got) / 2 < 80
    world.phone.move((3, 0))
    back_s = now()
    await world.phone.device.connect(hci.Address(BOARD), timeout=5)
    assert now() - back_s < 0.25


@in_virtual_time
async def test_jamming_ends_every_link() -> None:
    world = await make_world()
    connection, _ = await subscribed(world)
    ends = Ends(connection, world.board_connection)
    world.air.jam(1)
    await asyncio.sleep(1)
    assert len(ends.seen) == 2
    world.air.jam(0)
    await world.phone.device.connect(hci.Address(BOARD), timeout=5)


async def _reason(connection: Connection) -> int:
    reason: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    connection.on("disconnection", reason.set_result)
    return await reason


@in_virtual_time
async def test_a_call_that_is_not_heard_fails_after_six_events() -> None:
    world = await make_world(seed=3)
    for _ in range(50):
        world.air.set_loss(world.board, world.phone, 0.5)
        connection = await world.phone.device.connect(hci.Address(BOARD), timeout=10)
        begun_s = now()
        if not world.board.device.connections:
            break
        world.air.set_loss(world.board, world.phone, None)
        await asyncio.sleep(0.1)
        await connection.disconnect()
    else:
        raise AssertionError("every call was heard")
    world.air.set_loss(world.board, world.phone, None)
    assert await _reason(connection) == hci.HCI_CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR
    assert now() - begun_s == pytest.approx(6 * INTERVAL_S)
    await world.phone.device.connect(hci.Address(BOARD), timeout=5)


@in_virtual_time
async def test_a_link_that_never_carries_a_packet_was_never_made() -> None:
    world = await make_world()
    connection = await world.phone.device.connect(hci.Address(BOARD), timeout=5)
    ends = Ends(connection, world.board_connection)
    world.air.set_loss(world.board, world.phone, 1)
    await asyncio.sleep(1)
    assert ends.reasons == [hci.HCI_CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR] * 2


@in_virtual_time
async def test_disconnecting_from_a_peer_out_of_reach_takes_the_timeout() -> None:
    world = await make_world()
    connection, _ = await subscribed(world)
    ends = Ends(world.board_connection)
    world.air.set_loss(world.board, world.phone, 1)
    before_s = now()
    await connection.disconnect()
    assert now() - before_s == pytest.approx(TIMEOUT_S, abs=INTERVAL_S)
    assert ends.reasons == [hci.HCI_CONNECTION_TIMEOUT_ERROR]


@in_virtual_time
async def test_what_was_sent_before_a_disconnect_arrives() -> None:
    world = await make_world()
    _, inbox = await subscribed(world)
    for number in range(40):
        await notify(world, number, size=200)
    await world.board_connection.disconnect()
    await asyncio.sleep(1)
    assert inbox.got == list(range(40))
