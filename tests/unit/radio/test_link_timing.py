"""What a link costs, and how fast it is."""

import asyncio
import math

import pytest
from bumble import hci

from vigie.radio.link_parameters import LinkParameters

from .links import INTERVAL_S, TIMEOUT_S, Ends, Inbox, notify, subscribed
from .world import (
    NOTIFYING,
    PLAIN,
    in_virtual_time,
    loop,
    make_world,
    now,
)


@in_virtual_time
async def test_an_idle_link_has_no_timer() -> None:
    world = await make_world()
    await subscribed(world)
    assert loop().next_event() is None


@in_virtual_time
async def test_a_paired_idle_link_has_no_timer() -> None:
    world = await make_world()
    connection, _ = await subscribed(world)
    await connection.pair()
    await asyncio.sleep(1)
    assert loop().next_event() is None


@in_virtual_time
async def test_a_dead_link_has_one_timer_for_its_end() -> None:
    world = await make_world()
    await subscribed(world)
    world.air.set_loss(world.board, world.phone, 1)
    assert loop().next_event() == pytest.approx(now() + TIMEOUT_S, abs=INTERVAL_S)


@in_virtual_time
async def test_a_noisy_idle_link_has_one_timer_at_most() -> None:
    world = await make_world()
    connection, _ = await subscribed(world)
    world.air.set_loss(world.board, world.phone, 0.93)
    lost_s = loop().next_event()
    assert lost_s is not None
    ends = Ends(connection)
    await asyncio.sleep(lost_s - now() + 1e-3)
    assert ends.seen


@in_virtual_time
async def test_24_hours_of_silence() -> None:
    world = await make_world()
    _, inbox = await subscribed(world)
    await asyncio.sleep(24 * 3600)
    await notify(world, 1)
    await asyncio.sleep(0.1)
    assert inbox.got == [1]


@pytest.mark.parametrize(
    ("interval_ms", "phy", "kbit_s"),
    [
        (7.5, hci.Phy.LE_1M, 520),
        (15, hci.Phy.LE_1M, 780),
        (50, hci.Phy.LE_1M, 775),
        (15, hci.Phy.LE_2M, 1350),
    ],
)
@in_virtual_time
async def test_throughput_is_that_of_the_phy(
    interval_ms: float, phy: hci.Phy, kbit_s: float
) -> None:
    world = await make_world()
    connection, inbox = await subscribed(world, interval_ms)
    await connection.set_phy([phy], [phy])
    await asyncio.sleep(1)
    start_s = now()
    for number in range(600):
        await notify(world, number, size=244)
    await inbox.holds(600)
    measured = 600 * 244 * 8 / (now() - start_s) / 1e3
    assert measured == pytest.approx(kbit_s, rel=0.05)


@in_virtual_time
async def test_short_frames_are_slower() -> None:
    world = await make_world()
    connection, inbox = await subscribed(world)
    await world.board_connection.set_data_length(27, 328)
    await asyncio.sleep(1)
    assert connection.data_length.max_rx_octets == 27
    start_s = now()
    for number in range(100):
        await notify(world, number, size=244)
    await inbox.holds(100)
    assert 100 * 244 * 8 / (now() - start_s) / 1e3 < 350


@in_virtual_time
async def test_both_directions_share_the_time() -> None:
    world = await make_world()
    board = await world.connect_peer()
    inbox = Inbox()
    await board[NOTIFYING].subscribe(inbox.put)
    await asyncio.sleep(1)
    for number in range(60):
        await notify(world, number, size=244)
        await board[PLAIN].write_value(b"W" * 244, with_response=False)
    await asyncio.sleep(10 * INTERVAL_S)
    assert 20 < len(inbox.got) < 60
    await asyncio.sleep(1)
    assert len(inbox.got) == 60


@in_virtual_time
async def test_new_parameters_change_the_timing() -> None:
    world = await make_world()
    connection, _ = await subscribed(world)
    await connection.update_parameters(100, 100, 0, 3000)
    ends = Ends(connection)
    before_s = now()
    world.air.set_loss(world.board, world.phone, 1)
    await asyncio.sleep(10)
    assert ends.seen[0][0] - before_s == pytest.approx(3, abs=0.1)


@in_virtual_time
async def test_a_sleeping_peripheral_is_reached_when_it_wakes() -> None:
    world = await make_world()
    board = await world.connect_peer()
    await board.connection.update_parameters(15, 15, 9, 3000)
    waits_s: list[float] = []
    for number in range(30):
        await asyncio.sleep(1 + 0.037 * number)
        begun_s = now()
        await board[PLAIN].write_value(b"W", with_response=False)
        await board.connection.drain()
        waits_s.append(now() - begun_s)
    assert 0.1 < max(waits_s) < 10 * INTERVAL_S + 0.003


@pytest.mark.parametrize(
    "parameters",
    [
        LinkParameters(interval=5, latency=0, timeout=72),
        LinkParameters(interval=12, latency=500, timeout=3200),
        LinkParameters(interval=24, latency=0, timeout=6),
        LinkParameters(interval=800, latency=0, timeout=72),
    ],
)
def test_parameters_outside_of_the_specification(parameters: LinkParameters) -> None:
    assert not parameters.valid


def test_supervised_events_cover_the_timeout() -> None:
    assert LinkParameters(interval=24, latency=0, timeout=72).supervised_events == 24
    assert LinkParameters(interval=12, latency=0, timeout=72).supervised_events == 48
    exact = LinkParameters(interval=7, latency=0, timeout=72)
    assert exact.supervised_events == math.ceil(720 / 8.75)
