"""The heap is the program's own: asking the host leaves nothing in it."""

import pytest

from tests.virtual.programs import program, told
from vigie.boards.spec import BoardSpec
from vigie.virtual.world import open_world

MEASURE = """
import gc, select, time
from machine import ADC, PWM, Pin, Timer, WDT
key = Pin(33, Pin.IN, Pin.PULL_UP)
led = Pin(26, Pin.OUT)
siren = PWM(Pin(25), freq=2000)
battery = ADC(Pin(34), atten=ADC.ATTN_11DB)
dog = WDT(timeout=60000)
file = open("x", "wb")
source = open("main.py", "rb")
buffer = bytearray(256)
data = bytes(4096)
def work():
    WORK
before = i = 0
work()
gc.collect()
gc.disable()
before = gc.mem_alloc()
for i in range(50): work()
print("garbage", gc.mem_alloc() - before)
"""
WORK = {
    "sleeping": "time.sleep_ms(1)",
    "looking at the clock": "time.ticks_us()",
    "reading a pin": "key.value()",
    "writing a pin": "led(1)",
    "sounding a siren": "siren.freq(2700)",
    "feeding a watchdog": "dog.feed()",
    "writing flash": "file.write(data); file.seek(0)",
    "reading flash": "source.seek(300); source.readinto(buffer); source.seek(0)",
}


@pytest.mark.parametrize("leases", [True, False], ids=["leases", "no leases"])
@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_nothing_is_left_of(
    board_spec: BoardSpec, tmp_path_factory: pytest.TempPathFactory, work: str, leases: bool
) -> None:
    home = tmp_path_factory.mktemp("garbage") / "b"
    with open_world(leases=leases) as world:
        board = program(world, board_spec, home, MEASURE.replace("WORK", work))
        assert told(world, board, "^garbage") == "garbage 0"


@pytest.mark.parametrize("leases", [True, False], ids=["leases", "no leases"])
def test_what_lives_long_is_not_scattered_over_the_heap(
    board_spec: BoardSpec, tmp_path_factory: pytest.TempPathFactory, leases: bool
) -> None:
    main = """
import time
from machine import Pin
led = Pin(26, Pin.OUT)
log = []
for i in range(1500):
    time.sleep_ms(1)
    led(i & 1)
    log.append((i, "e%d" % i))
print("kept", len(log))
"""
    home = tmp_path_factory.mktemp("scattered") / "b"
    with open_world(leases=leases) as world:
        board = program(world, board_spec, home, main)
        assert told(world, board, "^kept") == "kept 1500"
