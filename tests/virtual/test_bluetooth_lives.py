"""Connections and activations of `bluetooth.BLE`: how they begin again, and how they end."""

import asyncio

import pytest

from tests.virtual.conftest import Load
from tests.virtual.peripherals import RW, peripheral
from vigie.bench.phones import BenchPhone
from vigie.virtual.world import World


def test_activating_again_starts_afresh(world: World, load: Load, stranger: BenchPhone) -> None:
    board = load(
        peripheral(
            setup="again = False\ndef on(event, data):\n    global again\n    again = event == 3",
            loop="if again: print('again', ble.active(True)); again = False",
        )
    )

    async def play() -> None:
        board.power_on()
        await board.console.said("on the air", within_s=5)
        client = await stranger.visit()
        await client.write_gatt_char(RW, b"x", response=True)
        await board.console.said("^again True", within_s=5)
        assert not client.is_connected

    world.run(play())


def test_ending_a_connection_does_not_wait_for_its_end(
    world: World, load: Load, stranger: BenchPhone
) -> None:
    board = load(peripheral(
        setup="conn = None\ndef on(event, data):\n    global conn\n"
              "    if event == 1: conn = data[0]\n    if event == 2: print('gone')",
        loop="""
    if conn is not None:
        time.sleep(3)
        t = time.ticks_ms()
        print("now")
        time.sleep_ms(500)
        ended = ble.gap_disconnect(conn)
        try: ble.gap_disconnect(conn)
        except OSError as e: print("took", time.ticks_diff(time.ticks_ms(), t), ended, e.errno)
        conn = None
""",
    ))  # fmt: skip

    async def play() -> None:
        board.power_on()
        await board.console.said("on the air", within_s=5)
        await stranger.visit()
        await board.console.said("^now", within_s=9)
        stranger.lose(1.0)
        took = await board.console.said("^took", within_s=60)
        assert took.text == "took 500 True 120"
        gone = await board.console.said("^gone", within_s=60)
        assert gone.t_s > took.t_s

    world.run(play())


def test_no_event_of_the_last_life_reaches_the_next(
    world: World, load: Load, stranger: BenchPhone
) -> None:
    board = load(
        "import machine, time\n"
        "if machine.reset_cause() == 2:\n"
        "    time.sleep(60)\n"
        "    print('quiet')\n"
        "    raise SystemExit\n"
        + peripheral(
            setup="conn = None\ndef on(event, data):\n    global conn\n"
            "    if event == 1: conn = data[0]",
            loop="""
    if conn is not None:
        time.sleep(3)
        print("now")
        time.sleep_ms(100)
        ble.gatts_indicate(conn, indicate, b"x")
        time.sleep_ms(10)
        machine.reset()
""",
        )
    )

    async def play() -> None:
        board.power_on()
        await board.console.said("on the air", within_s=5)
        await stranger.visit()
        await board.console.said("^now", within_s=9)
        stranger.lose(1.0)
        await board.console.said("^quiet", within_s=90)

    world.run(play())
    assert "Traceback" not in board.console.text


def test_a_hung_chip_keeps_its_links_until_the_watchdog_bites(
    world: World, load: Load, stranger: BenchPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vigie.virtual.vm.HANG_S", 0.3)
    board = load(
        "import machine\nmachine.WDT(timeout=5000)\n"
        + peripheral(
            setup="stop = False\ndef on(event, data):\n    global stop\n    stop = event == 3",
            loop="machine.WDT(timeout=5000)\n    while stop: pass",
        )
    )

    async def play() -> None:
        board.power_on()
        await board.console.said("on the air", within_s=5)
        client = await stranger.visit()
        await client.write_gatt_char(RW, b"x", response=True)
        await asyncio.sleep(4)
        assert client.is_connected
        await asyncio.sleep(4)
        assert not client.is_connected

    world.run(play())
