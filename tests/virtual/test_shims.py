"""The shims are honest: what the chip does they do, and what they do not model they refuse."""

import asyncio
from pathlib import Path

import pytest
from mpremote.transport import TransportExecError

from tests.virtual.conftest import Load
from tests.virtual.programs import program, say
from vigie.boards import budget
from vigie.boards.spec import BoardSpec
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World


@pytest.fixture
def bare(world: World, board_spec: BoardSpec, tmp_path: Path) -> VirtualBoard:
    """A board with an empty main.py, running."""
    board = program(world, board_spec, tmp_path / "bare", "")

    async def start() -> None:
        board.power_on()
        await board.console.said("help", since=len(board.console.lines))

    world.run(start())
    return board


@pytest.mark.parametrize(
    "code",
    [
        "import machine; machine.SPI",
        "import machine; machine.deepsleep(1000)",
        "import machine; machine.lightsleep(1000)",
        "import machine; machine.TouchPad",
        "from machine import Pin; Pin(25, Pin.OPEN_DRAIN)",
        "from machine import Pin; Pin(25, Pin.OUT, drive=2)",
        "from machine import Pin; Pin(33).irq(print, 3, wake=1)",
        "from machine import Pin; Pin(34, Pin.IN, Pin.PULL_UP)",
        "from machine import PWM; PWM(25).duty_ns(5)",
        "from machine import ADC; ADC(34)",
        "from machine import ADC; ADC(34, atten=ADC.ATTN_11DB).read_u16()",
        "from machine import RTC; RTC().init()",
        "from machine import Timer; Timer(0).value()",
        "import esp32; esp32.wake_on_ext0",
        "import esp32; esp32.Partition",
        "import bluetooth; bluetooth.BLE().gap_scan",
        "import bluetooth; bluetooth.BLE().gap_connect(0, b'')",
        "import bluetooth; b = bluetooth.BLE(); b.active(True); b.config(addr_mode=2)",
        "import micropython; micropython.schedule",
        "import os; os.dupterm",
        "import select; select.select([], [], [])",
    ],
)
def test_what_is_not_modelled_is_refused(world: World, bare: VirtualBoard, code: str) -> None:
    with pytest.raises(TransportExecError, match="NotImplementedError"):
        say(world, bare, code)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import machine; machine.quantum", "AttributeError"),
        ("from machine import Pin; Pin(6)", "ValueError: invalid pin"),
        ("from machine import Pin; Pin(34, Pin.OUT)", "ValueError: pin can only be input"),
        ("from machine import Pin; Pin(33).irq(print, 3, hard=True)", "TypeError"),
        ("from machine import Timer; Timer(-1)", "ValueError"),
        ("from machine import Timer; Timer(0, period=1, hard=True)", "ValueError"),
        ("from machine import PWM; PWM(25, freq=0)", "ValueError"),
        ("from machine import ADC; ADC(21, atten=ADC.ATTN_11DB)", "ValueError"),
        ("from machine import RTC; RTC().memory(bytes(2049))", "ValueError"),
        ("from machine import WDT; WDT(timeout=0)", "ValueError"),
        ("import bluetooth; bluetooth.BLE().gap_advertise(None)", "OSError"),
        ("import bluetooth; bluetooth.BLE().config('rxbuf')", "ValueError: unknown config"),
        ("import flash", "ImportError"),
        ("import bus", "ImportError"),
    ],
)
def test_what_the_chip_refuses_is_refused_as_there(
    world: World, bare: VirtualBoard, code: str, error: str
) -> None:
    with pytest.raises(TransportExecError, match=error):
        say(world, bare, code)


def test_time_is_the_chips(world: World, bare: VirtualBoard) -> None:
    code = """
import time
a = time.ticks_us(); time.sleep_ms(50); b = time.ticks_us()
print(time.ticks_diff(b, a) // 1000, time.ticks_add((1 << 30) - 1, 2))
print(time.gmtime(0)[:6], time.time() < 10000)
"""
    assert say(world, bare, code).split("\n")[:2] == ["50 1", "(2000, 1, 1, 0, 0, 0) True"]


def test_polling_loops_end(world: World, bare: VirtualBoard) -> None:
    code = """
import time
t = time.ticks_ms()
n = 0
while time.ticks_diff(time.ticks_ms(), t) < 100:
    n += 1
print(n > 1000)
"""
    assert say(world, bare, code) == "True\n"


def test_a_pin_reads_what_is_on_it(world: World, bare: VirtualBoard) -> None:
    assert say(world, bare, "from machine import Pin; p = Pin(32, Pin.IN, Pin.PULL_UP)\n"
                            "print(p(), Pin(27, Pin.IN, Pin.PULL_DOWN)())") == "1 0\n"  # fmt: skip
    bare.gpio.drive(32, 0)
    assert say(world, bare, "print(p())") == "0\n"


def test_pwm_stays_on_the_pin_after_deinit(world: World, bare: VirtualBoard) -> None:
    say(world, bare, "from machine import PWM, Pin; s = PWM(Pin(25), freq=2700); s.deinit()")
    assert bare.gpio.outputs[-1].active
    say(world, bare, "Pin(25, Pin.OUT, value=0)")
    assert not bare.gpio.outputs[-1].active


def test_adc_is_calibrated_within_its_range_only(world: World, bare: VirtualBoard) -> None:
    bare.gpio.feed(35, 1_234_000)
    bare.gpio.feed(36, 5_000_000)
    code = (
        "from machine import ADC\n"
        "print([ADC(n, atten=ADC.ATTN_11DB).read_uv() for n in (35, 36, 39)])"
    )
    assert say(world, bare, code) == "[1234000, 2450000, 150000]\n"


def test_a_voltage_that_changes_is_read_at_once(world: World, load: Load) -> None:
    board = load("""
from machine import ADC
import time
battery = ADC(34, atten=ADC.ATTN_11DB)
for _ in range(4):
    print("uv", battery.read_uv(), battery.read_uv())
    time.sleep(1)
""")

    async def play() -> list[str]:
        board.power_on()
        await board.console.said("^uv")
        await asyncio.sleep(0.5)
        board.battery_mv = 3000
        await asyncio.sleep(1)
        board.battery_mv = 4000
        await asyncio.sleep(1)
        return [line.text for line in board.console.lines if line.text.startswith("uv")]

    assert world.run(play()) == ["uv 1950000 1950000", "uv 1500000 1500000", "uv 2000000 2000000"]


def test_timers_fire(world: World, bare: VirtualBoard) -> None:
    code = """
import time
from machine import Timer
hits = []
Timer(0, period=10, callback=lambda t: hits.append(1))
Timer(1, mode=Timer.ONE_SHOT, period=25, callback=lambda t: hits.append(2))
time.sleep_ms(55)
Timer(0).deinit()
time.sleep_ms(55)
print(hits)
"""
    assert say(world, bare, code) == "[1, 1, 2, 1, 1, 1]\n"


def test_heap_is_what_the_board_says(world: World, bare: VirtualBoard) -> None:
    free = int(say(world, bare, "import gc; gc.collect(); print(gc.mem_free())"))
    assert bare.spec.microphone
    besides_kib = budget.BYTECODE_KIB - budget.sound_kib(bare.spec.microphone)
    expected = (2 * bare.spec.heap_kib + besides_kib) * budget.KIB
    assert 0.98 * expected < free < 1.06 * expected


def test_input_reads_the_console(world: World, bare: VirtualBoard) -> None:
    async def talk() -> None:
        bare.console.type(b"name = input('who? ')\r")
        await asyncio.sleep(0.1)
        bare.console.type(b"ada\r")
        await asyncio.sleep(0.1)
        bare.console.type(b"print('hello ' + name)\r")
        await bare.console.said("^hello ada", within_s=1)

    world.run(talk())
