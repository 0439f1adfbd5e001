"""Whatever goes wrong with `bluetooth.BLE`, the program gets an answer, and it is the chip's."""

import asyncio

import pytest
from bleak import BleakClient
from mpremote.transport import TransportExecError

from button.core.wire import SERVICE_UUID
from tests.virtual.conftest import Load
from tests.virtual.peripherals import INDICATE, NOTIFY, RW, SECRET, Meet, nothing, peripheral
from tests.virtual.programs import program, say, told
from vigie.bench.phones import BenchPhone
from vigie.boards.spec import BoardSpec
from vigie.radio.nimble.gatt_table import GattTable
from vigie.radio.nimble.peripheral import Peripheral
from vigie.radio.pairing import PairingPolicy
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World, WorldError, open_world

ON = "import bluetooth\nfrom bluetooth import UUID\nble = bluetooth.BLE()\nble.active(True)\n"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ble.gap_advertise(10000)", "OSError: -530"),
        ("ble.gap_advertise(20_000_000)", "OSError: -530"),
        ("ble.gap_advertise('soon')", "TypeError"),
        ("ble.config(mtu='x')", "TypeError"),
        ("ble.config(mtu=22)", "EINVAL"),
        ("ble.config(io=99)", "NotImplementedError"),
        ("ble.config(addr_mode=9)", "NotImplementedError"),
        ("ble.config('mtu', mtu=50)", "TypeError"),
        ("ble.config('addr_mode')", "ValueError"),
        ("ble.config(volume=3)", "ValueError"),
        ("ble.irq(7)", "ValueError: invalid handler"),
        ("ble.gap_disconnect(9)", "OSError: -128"),
        ("ble.gatts_register_services([(0x180F, [])])", "ValueError"),
        ("UUID(70000)", "ValueError"),
        ("UUID('18xF0000')", "ValueError: invalid char"),
        ("UUID('6d1f0001-4b1c')", "ValueError: UUID too short"),
    ],
)
def test_wrong_use_is_an_error_of_the_chip(
    world: World, bare: VirtualBoard, code: str, error: str
) -> None:
    with pytest.raises(TransportExecError, match=error):
        say(world, bare, ON + code)
    assert say(world, bare, "print(ble.active())") == "True\n"


def test_what_was_refused_is_not_kept(world: World, bare: VirtualBoard) -> None:
    with pytest.raises(TransportExecError):
        say(world, bare, ON + "ble.config(mtu=22, gap_name='x')")
    code = "ble.active(False)\nble.active(True)\nprint(ble.config('mtu'), ble.config('gap_name'))"
    assert say(world, bare, code) == "256 b'MPY ESP32'\n"


def test_names_outlive_an_activation_and_the_mtu_does_not(
    world: World, bare: VirtualBoard
) -> None:
    code = "ble.config(mtu=100, gap_name='x')\nble.active(False)\nprint(ble.config('gap_name'))\n"
    assert say(world, bare, ON + code) == "b'x'\n"
    assert say(world, bare, "ble.active(True)\nprint(ble.config('mtu'))") == "256\n"


def test_a_switching_that_was_given_up_does_not_end_the_next(
    world: World, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = load("""
import bluetooth
ble = bluetooth.BLE()
ble.active(True)
print("on")
try: ble.active(False)
except KeyboardInterrupt: print("struck")
ble.active(False)
print("off")
""")
    stop, stops = Peripheral.stop, list[None]()

    async def slow_once(peripheral: Peripheral) -> None:
        stops.append(None)
        if len(stops) == 1:
            await asyncio.sleep(100)  # a peer that is out of reach
        await stop(peripheral)

    monkeypatch.setattr(Peripheral, "stop", slow_once)

    async def play() -> str:
        board.power_on()
        await board.console.said("^on")
        await asyncio.sleep(0.5)
        board.console.type(b"\x03")
        await board.console.said("^struck", within_s=5)
        return (await board.console.said("^off", within_s=5)).text

    assert world.run(play()) == "off"


@pytest.mark.parametrize(("interval_us", "seen_s"), [(0, 0.06), (41_000_000, 0.04)])
def test_an_odd_interval_means_what_it_means_to_the_chips_stack(
    world: World, load: Load, stranger: BenchPhone, interval_us: int, seen_s: float
) -> None:
    board = load(peripheral().replace("100000", str(interval_us)))

    async def play() -> float:
        board.power_on()
        line = await board.console.said("on the air", within_s=5)
        await stranger.scan()
        return world.loop.time() - line.t_s

    assert world.run(play()) < seen_s + 0.02


def test_a_mistake_of_the_virtual_board_is_answered_and_fails_the_run(
    board_spec: BoardSpec,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def mistaken(self: Peripheral, *args: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(Peripheral, "advertise", mistaken)
    home = tmp_path_factory.mktemp("mistaken") / "b"
    main = ON + "try: ble.gap_advertise(100000)\nexcept RuntimeError as e: print('told', e)\n"
    with open_world() as world:
        board = program(world, board_spec, home, main)
        with pytest.raises(WorldError, match="a mistake of ours"):
            told(world, board, "^told the virtual board failed in ble.advertise")


def test_a_stack_that_does_not_start_times_out(
    board_spec: BoardSpec,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(self: Peripheral) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(Peripheral, "start", broken)
    home = tmp_path_factory.mktemp("dead") / "b"
    main = f"try:\n    {ON.splitlines()[0]}\n    bluetooth.BLE().active(True)\n"
    with open_world() as world:
        board = program(world, board_spec, home, main + "except OSError as e: print('errno', e)\n")
        with pytest.raises(WorldError, match="a mistake of ours"):
            told(world, board, "^errno 116")


def test_a_mistake_that_bumble_swallows_fails_the_run(
    world: World, load: Load, stranger: BenchPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(device: object, handler: object, number_of: object) -> GattTable:
        def no_number(connection: object) -> int:
            raise KeyError("a mistake of ours")

        return table(device, handler, no_number)  # type: ignore[arg-type]

    table = GattTable
    monkeypatch.setattr("vigie.radio.nimble.peripheral.GattTable", mistaken)
    board = load(peripheral())

    async def play() -> None:
        board.power_on()
        await board.console.said("on the air", within_s=5)
        client = await stranger.visit()
        await client.write_gatt_char(RW, b"x", response=False)
        await asyncio.sleep(1)

    with pytest.raises(WorldError, match="a mistake of ours"):
        world.run(play())
    world.failures.clear()


def test_a_handler_may_return_anything_where_nobody_asks(meet: Meet) -> None:
    async def visit(client: BleakClient) -> None:
        for _ in range(2):
            await client.write_gatt_char(RW, b"x", response=True)

    said = meet(visit, "def on(event, data): return object()")
    assert len([s for s in said if s.startswith("irq 3")]) == 2


def test_a_secret_that_is_none_restarts_the_chip(world: World, load: Load) -> None:
    board = load(
        "import bluetooth, machine\nprint('cause', machine.reset_cause())\n"
        "if machine.reset_cause() == 1:\n"
        "    bluetooth.BLE().irq(lambda event, data: object())\n"
        "    bluetooth.BLE().active(True)\n"
    )
    assert told(world, board, "^cause 2") == "cause 2"
    assert "NLR jump failed" in board.console.text


@pytest.mark.parametrize(("asked", "got"), [(517, 256), (247, 247), (100, 100)])
def test_the_mtu_is_the_smaller_of_the_two(
    meet: Meet, stranger: BenchPhone, asked: int, got: int
) -> None:
    stranger.carry_at_most(asked)
    assert f"irq 21 [0, {got}]" in meet(nothing)


def test_a_link_is_called_bonded_only_if_both_keep_the_key(
    meet: Meet, stranger: BenchPhone
) -> None:
    async def visit(client: BleakClient) -> None:
        assert stranger.station is not None
        stranger.station.set_pairing(PairingPolicy(bonding=False))
        assert await client.read_gatt_char(SECRET) == b"secret"

    setup = "ble.gatts_write(secret, b'secret')\nble.config(bond=True, le_secure=True)"
    assert "irq 28 [0, True, False, False, 16]" in meet(visit, setup)


def test_indications_need_a_free_buffer_too(meet: Meet) -> None:
    async def visit(client: BleakClient) -> None:
        await client.start_notify(NOTIFY, lambda *_: None)
        await client.start_notify(INDICATE, lambda *_: None)
        await client.write_gatt_char(RW, b"go", response=True)
        await asyncio.sleep(1)

    said = meet(
        visit,
        "def on(event, data):\n"
        "    if event != 3: return\n"
        "    try:\n"
        "        while True: ble.gatts_notify(data[0], notify, b'x')\n"
        "    except OSError as e: print('notify', e.errno)\n"
        "    try: ble.gatts_indicate(data[0], indicate, b'x')\n"
        "    except OSError as e: print('indicate', e.errno)\n",
    )
    assert said.count("notify 12") == said.count("indicate 12") == 1


def test_the_service_of_these_tests_is_the_buttons() -> None:
    """So that the bench's phone finds it."""
    assert SERVICE_UUID in peripheral()
