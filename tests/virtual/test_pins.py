"""Pins and PWM do what those of a classic ESP32 do, and refuse what they refuse."""

import asyncio

import pytest
from mpremote.transport import TransportExecError

from tests.virtual.conftest import Load
from tests.virtual.programs import say, told
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

PIN = "from machine import Pin\n"
PWM = "from machine import Pin, PWM\n"


def active(board: VirtualBoard, pin: int) -> bool:
    """Whether there is anything but a low level on the pin."""
    outputs = [o.active for o in board.gpio.outputs if o.pin == pin]
    return bool(outputs) and outputs[-1]


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("print(Pin(32).value() in (0, 1))", "True"),
        ("p = Pin(32, Pin.IN, Pin.PULL_UP); p.value(0); print(p.value())", "1"),
        ("p = Pin(25, Pin.OUT, value=1); print(p(), p.toggle(), p())", "1 None 0"),
        ("p = Pin(25, Pin.OUT); p.on(); p.off(); print(p.value())", "0"),
        ("p = Pin(32, Pin.IN, Pin.PULL_UP); p.init(pull=None); print(p())", "0"),
        ("p = Pin(32, Pin.IN, Pin.PULL_UP); p.init(Pin.IN); print(p())", "1"),
        ("p = Pin(32); print(p is Pin(32), p)", "True Pin(32)"),
    ],
)
def test_a_pin_is_read(world: World, bare: VirtualBoard, code: str, printed: str) -> None:
    assert say(world, bare, PIN + code) == printed + "\n"


@pytest.mark.parametrize(
    ("code", "driven"),
    [
        ("Pin(25).value(1)", False),
        ("Pin(25).value(1); Pin(25, Pin.OUT)", True),
        ("Pin(25, Pin.IN, value=1)", False),
        ("Pin(25, Pin.OUT, value=1)", True),
        ("Pin(25, Pin.OUT, value=1); Pin(25, Pin.OUT)", True),
        ("Pin(25, Pin.OUT, value=1); Pin(25, Pin.IN)", False),
        ("Pin(25, Pin.OUT, value=1); Pin(25)", True),
    ],
)
def test_a_pin_is_driven_by_outputs_only(
    world: World, bare: VirtualBoard, code: str, driven: bool
) -> None:
    say(world, bare, PIN + code)
    assert active(bare, 25) is driven


def test_pwm_belongs_to_its_pin_until_the_pin_gets_another_use(
    world: World, bare: VirtualBoard
) -> None:
    say(world, bare, PWM + "p = PWM(Pin(25), freq=2700); Pin(25).value(0)")
    assert active(bare, 25)
    say(world, bare, "p.duty_u16(0)")
    assert not active(bare, 25)
    say(world, bare, "p.duty_u16(65535); p.deinit()")
    assert active(bare, 25)
    say(world, bare, "Pin(25, Pin.OUT)")
    assert not active(bare, 25)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("PWM(Pin(25), freq=2700.5)", "TypeError"),
        ("PWM(Pin(25), freq=2700).freq(1e3)", "TypeError"),
        ("PWM(Pin(25), freq=2700, duty_u16=70000)", "ValueError"),
        ("PWM(Pin(25), freq=2700).duty_u16(70000)", "ValueError"),
        ("PWM(Pin(25), freq=2700).duty_u16(-1)", "ValueError"),
        ("PWM(Pin(25), freq=40000001)", "ValueError"),
        ("PWM(Pin(34), freq=2700)", "OSError: -258"),
        ("p = PWM(Pin(25)); p.deinit(); p.freq(1000)", "RuntimeError: PWM is inactive"),
        ("PWM(Pin(25)); Pin(25).value()", "NotImplementedError"),
        ("Pin(33, Pin.IN).irq(print, Pin.WAKE_LOW)", "NotImplementedError"),
        ("Pin(33, Pin.IN).irq().trigger(1)", "NotImplementedError"),
        ("Pin(33, Pin.IN).irq().flags()", "AttributeError"),
        ("Pin(25, 2)", "NotImplementedError"),
    ],
)
def test_what_the_chip_refuses_or_nobody_models_is_refused(
    world: World, bare: VirtualBoard, code: str, error: str
) -> None:
    with pytest.raises(TransportExecError, match=error):
        say(world, bare, PWM + code)


def test_looking_at_an_interrupt_does_not_disarm_it(world: World, bare: VirtualBoard) -> None:
    code = "n = []\np = Pin(33, Pin.IN, Pin.PULL_UP)\np.irq(lambda p: n.append(1), 3)\np.irq()"
    say(world, bare, PIN + code)
    bare.gpio.drive(33, 0)
    assert say(world, bare, "print(n)") == "[1]\n"
    say(world, bare, "p.irq(None)")
    bare.gpio.drive(33, 1)
    assert say(world, bare, "print(n)") == "[1]\n"


def test_a_soft_reset_stops_pwm_and_leaves_outputs_and_ticks(world: World, load: Load) -> None:
    board = load(
        PWM
        + """
import machine, time
if machine.reset_cause() == 1:
    Pin(26, Pin.OUT, value=1)
    PWM(Pin(25), freq=2700)
    time.sleep(10)
    machine.soft_reset()
print("second", time.ticks_ms() > 10000)
"""
    )
    assert told(world, board, "^second") == "second True"
    assert active(board, 26)
    assert not active(board, 25)


def test_another_reset_lets_go_of_all_pins(world: World, load: Load) -> None:
    board = load(
        PIN
        + """
import machine, time
if machine.reset_cause() == 1:
    Pin(26, Pin.OUT, value=1)
    time.sleep(10)
    machine.reset()
print("second", time.ticks_ms() < 1000)
"""
    )
    assert told(world, board, "^second") == "second True"
    assert not active(board, 26)


READS = """
from machine import ADC, Pin
import time
p = Pin(27, Pin.IN)
p.irq(lambda pin: print("irq", pin.value()))
a = ADC(34, atten=ADC.ATTN_11DB)
print("go")
time.sleep_ms(100)
print("first", p.value(), a.read_uv())
time.sleep(1)
print("later", p.value(), a.read_uv())
"""


@pytest.mark.parametrize("off_us", range(-30, 31, 5))
def test_what_changes_while_it_is_read_is_not_missed(
    world: World, load: Load, off_us: int
) -> None:
    """At the very moment of a read too: what was read a moment before is not believed later."""
    board = load(READS)
    read, reads_s = board.gpio._read, list[float]()

    def watched(number: int) -> int:
        reads_s.append(world.loop.time())
        return read(number)

    board.gpio._read = watched

    async def play(change_s: float | None) -> str:
        since, began_s = len(board.console.lines), world.loop.time()
        board.power_on()
        if change_s is not None:
            await asyncio.sleep(change_s)
            board.gpio.drive(27, 1)
            board.battery_mv = 3000
        line = await board.console.said("^later", since=since)
        reads_s[:] = [at_s - began_s for at_s in reads_s]
        board.power_off()
        return line.text

    assert world.run(play(None)) == "later 0 1950000"
    assert world.run(play(reads_s[0] + off_us * 1e-6)) == "later 1 1500000"
