"""The firmware in an image fits a plain ESP32 (`vigie.virtual.board` says how heaps compare)."""

import asyncio

from vigie.bench.phones import BenchPhone
from vigie.bench.virtual_rig import VirtualRig
from vigie.phone.events import Acknowledged, ButtonState
from vigie.virtual.board import VirtualBoard

ALERTS = 100
KIB = 1024


async def test_heap_after_boot_and_after_a_hundred_alerts(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await phone.connect()
    for _ in range(ALERTS):
        since = len(phone.transcript.events)
        await rig.press()
        await phone.transcript.saw(Acknowledged, within_s=10, since=since)
        await asyncio.sleep(4)
    await asyncio.sleep(70)
    states = [e.state for e in phone.transcript.of(ButtonState)]
    boot, end = states[0].free_heap, states[-1].free_heap
    print(f"free heap of the VM: {boot} after boot, {end} after {ALERTS} alerts")
    assert boot / 2 > 25 * KIB
    assert boot - end < 2 * KIB


async def test_a_hundred_alerts_that_wait_for_a_phone_fit_too(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    for _ in range(ALERTS):
        await rig.press()
        await asyncio.sleep(10)
    await phone.connect(within_s=30)
    await asyncio.sleep(120)
    assert len(phone.transcript.of(Acknowledged)) >= ALERTS
    assert len({repr(e.event_id) for e in phone.transcript.of(Acknowledged)}) == ALERTS
    lowest = min(e.state.free_heap for e in phone.transcript.of(ButtonState))
    print(f"free heap of the VM with {ALERTS} alerts pending: {lowest}")
    assert lowest / 2 > 8 * KIB
