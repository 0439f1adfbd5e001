"""`bluetooth.BLE` as on ESP32: every event, and the traps that real programs fall into."""

import asyncio

import pytest
from bleak import BleakClient
from bleak.exc import BleakError

from tests.virtual.conftest import Load
from tests.virtual.peripherals import INDICATE, NOTIFY, RW, SECRET, Meet, nothing, peripheral
from vigie.bench.phones import BenchPhone
from vigie.radio.pairing import IoCapability, PairingPolicy
from vigie.virtual.world import World


def test_connection_mtu_parameters_and_disconnection_are_events(
    meet: Meet,
) -> None:
    said = meet(nothing)
    events = [line.split()[1] for line in said if line.startswith("irq")]
    assert events[0] == "1"
    assert "21" in events
    assert events[-1] == "2"
    assert "irq 21 [0, 247]" in said


def test_connection_handles_begin_at_zero(meet: Meet) -> None:
    said = meet(nothing)
    assert said[said.index("on the air") + 1].startswith("irq 1 [0, ")


def test_a_write_is_an_event_and_its_value_can_be_read_in_the_handler(
    meet: Meet,
) -> None:
    async def visit(client: BleakClient) -> None:
        await client.write_gatt_char(RW, b"first", response=True)
        for i in range(5):  # without response, faster than the program runs
            await client.write_gatt_char(RW, b"no %d" % i, response=False)
        await asyncio.sleep(0.5)

    said = meet(visit, "def on(event, data):\n    if event == 3: print('got', ble.gatts_read(rw))")
    assert [line for line in said if line.startswith("got")] == [
        "got b'first'",
        *(f"got b'no {i}'" for i in range(5)),
    ]


def test_writes_longer_than_the_buffer_are_cut_silently(meet: Meet) -> None:
    async def visit(client: BleakClient) -> None:
        await client.write_gatt_char(RW, bytes(range(100)), response=True)
        assert await client.read_gatt_char(RW) == bytes(range(20))

    meet(visit)


def test_a_bigger_buffer_takes_more_and_an_appending_one_keeps_all(
    meet: Meet,
) -> None:
    async def visit(client: BleakClient) -> None:
        await client.write_gatt_char(RW, b"a" * 30, response=True)
        await client.write_gatt_char(RW, b"b" * 30, response=True)
        assert await client.read_gatt_char(RW) == b"a" * 30 + b"b" * 20

    meet(visit, "ble.gatts_set_buffer(rw, 50, True)")


def test_a_read_asks_the_program_which_may_refuse(meet: Meet) -> None:
    async def visit(client: BleakClient) -> None:
        assert await client.read_gatt_char(RW) == b"fresh"
        with pytest.raises(BleakError):
            await client.read_gatt_char(RW)

    meet(
        visit,
        "n = 0\n"
        "def on(event, data):\n"
        "    global n\n"
        "    if event == 4:\n"
        "        n += 1\n"
        "        ble.gatts_write(rw, b'fresh')\n"
        "        return 0 if n == 1 else 0x80\n",
    )


def test_after_an_exception_the_handler_is_gone(meet: Meet) -> None:
    async def visit(client: BleakClient) -> None:
        for _ in range(3):
            await client.write_gatt_char(RW, b"x", response=True)

    said = meet(visit, "def on(event, data):\n    if event == 3: 1 // 0")
    assert len([line for line in said if "irq 3" in line]) == 1
    assert any("ZeroDivisionError" in line for line in said)
    assert not any("irq 2 " in line for line in said)


def test_the_data_of_an_event_is_gone_after_the_handler(meet: Meet) -> None:
    setup = "kept = []\ndef on(event, data):\n    if event == 1: kept.append(data[2])"
    said = meet(nothing, setup, "if kept: print('address', bytes(kept[0]))")
    assert "address b'\\x00\\x00\\x00\\x00\\x00\\x00'" in said


def test_advertising_stops_on_connection_and_must_be_started_again(
    meet: Meet, stranger: BenchPhone
) -> None:
    async def visit(client: BleakClient) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await stranger.scan()
        await client.disconnect()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await stranger.scan()

    meet(visit)


def test_notifications_need_no_subscription_and_are_cut_at_the_mtu(
    meet: Meet,
) -> None:
    got: list[bytes] = []

    async def visit(client: BleakClient) -> None:
        await client.start_notify(NOTIFY, lambda _, data: got.append(bytes(data)))
        await client.write_gatt_char(RW, b"go", response=True)
        await asyncio.sleep(1)

    meet(
        visit,
        "def on(event, data):\n    if event == 3: ble.gatts_notify(data[0], notify, bytes(300))\n",
    )
    assert got == [bytes(244)]


def test_notifications_beyond_the_buffers_raise_enomem(meet: Meet) -> None:
    got: list[bytes] = []

    async def visit(client: BleakClient) -> None:
        await client.start_notify(NOTIFY, lambda _, data: got.append(bytes(data)))
        await client.write_gatt_char(RW, b"go", response=True)
        await asyncio.sleep(2)

    said = meet(
        visit,
        "def on(event, data):\n"
        "    if event != 3: return\n"
        "    n = 0\n"
        "    try:\n"
        "        while True:\n"
        "            ble.gatts_notify(data[0], notify, bytes([n]))\n"
        "            n += 1\n"
        "    except OSError as e: print('stopped', n, e.errno)\n",
    )
    (line,) = [s for s in said if s.startswith("stopped")]
    _, n, errno = line.split()
    assert (int(n), int(errno)) == (12, 12)
    assert got == [bytes([i]) for i in range(12)]


def test_a_dead_connection_raises_minus_128(meet: Meet) -> None:
    said = meet(
        nothing,
        "def on(event, data):\n"
        "    if event != 2: return\n"
        "    for work in (lambda: ble.gatts_notify(data[0], notify, b''),\n"
        "                 lambda: ble.gap_disconnect(data[0])):\n"
        "        try: work()\n"
        "        except OSError as e: print('errno', e.errno)\n",
    )
    assert said.count("errno -128") == 2


def test_an_indication_is_confirmed_by_an_event(meet: Meet) -> None:
    got: list[bytes] = []

    async def visit(client: BleakClient) -> None:
        await client.start_notify(INDICATE, lambda _, data: got.append(bytes(data)))
        await client.write_gatt_char(RW, b"go", response=True)
        await asyncio.sleep(1)

    said = meet(
        visit,
        "def on(event, data):\n"
        "    if event != 3: return\n"
        "    ble.gatts_indicate(data[0], indicate, b'one')\n"
        "    try: ble.gatts_indicate(data[0], indicate, b'two')\n"
        "    except OSError as e: print('second', e.errno)\n",
    )
    assert got == [b"one"]
    assert "second 120" in said
    assert any(line.startswith("irq 20 [0, ") and line.endswith(", 0]") for line in said)


def test_send_update_reaches_those_who_subscribed_only(meet: Meet) -> None:
    got: list[bytes] = []

    async def visit(client: BleakClient) -> None:
        await client.write_gatt_char(RW, b"1", response=True)
        await client.start_notify(NOTIFY, lambda _, data: got.append(bytes(data)))
        await client.write_gatt_char(RW, b"2", response=True)
        await asyncio.sleep(1)

    meet(
        visit,
        "def on(event, data):\n"
        "    if event == 3: ble.gatts_write(notify, ble.gatts_read(rw), True)\n",
    )
    assert got == [b"2"]


def test_pairing_keeps_secrets_and_says_how_the_link_is_protected(
    meet: Meet,
) -> None:
    async def visit(client: BleakClient) -> None:
        assert await client.read_gatt_char(SECRET) == b"secret"  # pairs on demand

    said = meet(
        visit,
        "ble.gatts_write(secret, b'secret')\nble.config(bond=True, le_secure=True, mitm=False)\n",
        "print('kinds', sorted({t for t, k in secrets}))",
    )
    assert "irq 28 [0, True, False, True, 16]" in said
    assert said[-1] == "kinds [1, 2, 10]"


def test_numeric_comparison_asks_the_program_for_the_number_the_phone_shows(
    meet: Meet, stranger: BenchPhone
) -> None:
    shown: list[int] = []

    async def confirm(number: int) -> bool:
        shown.append(number)
        return True

    async def visit(client: BleakClient) -> None:
        assert stranger.station is not None
        yes_no = IoCapability.DISPLAY_OUTPUT_AND_YES_NO_INPUT
        stranger.station.set_pairing(PairingPolicy(yes_no, mitm=True, confirm_number=confirm))
        assert await client.read_gatt_char(SECRET) == b"secret"

    said = meet(
        visit,
        "ble.gatts_write(secret, b'secret')\n"
        "ble.config(bond=True, le_secure=True, mitm=True, io=1)\n"
        "def on(event, data):\n"
        "    if event == 31: ble.gap_passkey(data[0], data[1], 1)\n",
    )
    (number,) = shown
    assert f"irq 31 [0, 4, {number}]" in said
    assert "irq 28 [0, True, True, True, 16]" in said


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("ble.gatts_register_services([(UUID(0x180F), [])] * 9)", "errno 7"),
        ("ble.config(mtu=22)", "errno 22"),
        ("ble.gatts_notify(0, notify, b'')", "errno -128"),
        ("ble.gatts_write(9999, b'')", "errno 22"),
        ("print('read', ble.gatts_read(9999))", "read b''"),
        ("print('written', ble.gatts_write(rw, b'abc'))", "written 3"),
        ("ble.gap_advertise(1000, bytes(32))", "errno 22"),
    ],
)
def test_wrong_use_raises_the_chips_errors(meet: Meet, code: str, answer: str) -> None:
    said = meet(nothing, f"try: {code}\nexcept OSError as e: print('errno', e.errno)")
    assert answer in said


def test_services_cannot_be_changed_while_advertising(world: World, load: Load) -> None:
    board = load(
        peripheral().replace(
            'print("on the air")',
            "try: ble.gatts_register_services([])\nexcept OSError as e: print('errno', e.errno)",
        )
    )

    async def play() -> None:
        board.power_on()
        await board.console.said("errno 120", within_s=5)

    world.run(play())
