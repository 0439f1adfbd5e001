"""One broken part takes no other with it: the siren sounds and the alert goes out."""

import asyncio
import contextlib

import pytest
from bleak.exc import BleakError

from button.core.wire import FAILED, REGISTERED
from tests.virtual.conftest import MakeFaulty
from vigie.bench.phones import BenchPhone
from vigie.bench.signal import felt
from vigie.bench.virtual_rig import VirtualRig
from vigie.phone.events import AlertTaken
from vigie.virtual.world import World

RADIO = """
import bluetooth
def _broken(self, on=None): raise OSError(5)
bluetooth.BLE.active = _broken
"""
CONVERTER = """
from machine import ADC
def _broken(self): raise OSError(5)
ADC.read_uv = _broken
"""
PWM = """
import machine
def _broken(*a, **k): raise ValueError("out of PWM channels")
machine.PWM = _broken
"""
NO_MEMORY_FOR_FILES = """
import builtins
_open = open
def _broken(name, mode="r"):
    if mode == "ab": raise MemoryError("no room for the file's buffer")
    return _open(name, mode)
builtins.open = _broken
"""
REFUSES_TO_ADVERTISE_ONCE = """
import bluetooth
_advertise = bluetooth.BLE.gap_advertise
_calls = [0]
def _once(self, *a, **k):
    _calls[0] += 1
    if _calls[0] == 2: raise OSError(12)
    return _advertise(self, *a, **k)
bluetooth.BLE.gap_advertise = _once
"""
FEEDBACK_FAILS = """
import button.services.feedback as f
def _broken(self): raise RuntimeError("a bug")
f.Feedback.step = _broken
"""
HANDLER_DIES_AT_THE_SECOND_WRITE = """
import bluetooth
_irq = bluetooth.BLE.irq
_writes = [0]
def _dying(self, handler):
    def handle(event, data):
        if event == 3:
            _writes[0] += 1
            if _writes[0] == 2: raise MemoryError("no room to say that there is no room")
        return handler(event, data)
    return _irq(self, handle)
bluetooth.BLE.irq = _dying
"""
ADVERTISES_AS_THE_PHONE_CONNECTS = """
from button.drivers import peripheral as p
_on_irq = p.Peripheral._on_irq
_done = []
def _late(self, event, data):
    _on_irq(self, event, data)
    if event == 1 and not _done:
        _done.append(1)
        self.advertise(100)  # was on its way when the phone came
p.Peripheral._on_irq = _late
"""


@pytest.mark.parametrize("fault", [RADIO, CONVERTER, NO_MEMORY_FOR_FILES, FEEDBACK_FAILS])
def test_the_siren_sounds(world: World, make_faulty: MakeFaulty, fault: str) -> None:
    board = make_faulty(fault)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await asyncio.sleep(3)
        await rig.press(3000)
        await asyncio.sleep(60)
        assert rig.siren.active

    world.run(play())


@pytest.mark.parametrize("fault", [CONVERTER, PWM, NO_MEMORY_FOR_FILES])
def test_the_alert_goes_out(
    world: World, make_faulty: MakeFaulty, phone: BenchPhone, fault: str
) -> None:
    board = make_faulty(fault)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await phone.connect()
        await rig.press(3000)
        await phone.transcript.saw(AlertTaken, within_s=2)
        assert not board.resets[1:]

    world.run(play())


def test_without_a_radio_the_wearer_is_told_the_truth(
    world: World, make_faulty: MakeFaulty
) -> None:
    board = make_faulty(RADIO)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await asyncio.sleep(3)
        await rig.press()
        await asyncio.sleep(20)
        assert [f.state for f in felt(rig.indicator.pulses)] == [REGISTERED, FAILED]

    world.run(play())


def test_a_stack_that_refuses_to_advertise_once_is_asked_again(
    world: World, make_faulty: MakeFaulty, phone: BenchPhone
) -> None:
    board = make_faulty(REFUSES_TO_ADVERTISE_ONCE)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await board.console.said("advertising", within_s=5)
        await rig.press(3000)
        await board.console.said("cannot advertise", within_s=120)
        await asyncio.sleep(5)
        assert rig.siren.active
        await phone.connect()

    world.run(play())


def test_a_bluetooth_handler_that_the_stack_gave_up_is_put_back(
    world: World, make_faulty: MakeFaulty, phone: BenchPhone
) -> None:
    board = make_faulty(HANDLER_DIES_AT_THE_SECOND_WRITE)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await phone.connect()
        await rig.press()  # the acknowledgement of this one is lost with the handler
        await board.console.said("acknowledged", within_s=5)
        phone.walk_to(500.0)
        await asyncio.sleep(60)
        before = len(rig.indicator.pulses)
        await rig.press()
        await asyncio.sleep(20)
        assert [f.state for f in felt(rig.indicator.pulses[before:])] == [REGISTERED, FAILED]
        phone.walk_to(1.0)
        await board.console.said("acknowledged", within_s=60, since=len(board.console.lines))
        assert len([e for e in phone.transcript.of(AlertTaken) if e.is_new]) == 2

    world.run(play())


def test_a_second_visitor_does_not_cut_off_the_phone(
    world: World, make_faulty: MakeFaulty, phone: BenchPhone, stranger: BenchPhone
) -> None:
    board = make_faulty(ADVERTISES_AS_THE_PHONE_CONNECTS)
    rig = VirtualRig(board)

    async def play() -> None:
        board.power_on()
        await phone.connect()
        await asyncio.sleep(1)
        with contextlib.suppress(BleakError):  # it may be gone before it knows that it is in
            client = await stranger.visit()
            await asyncio.sleep(20)
            assert not client.is_connected
        assert phone.connected
        await rig.press()
        await phone.transcript.saw(AlertTaken, within_s=2)

    world.run(play())
