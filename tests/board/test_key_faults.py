"""A key that is stuck or held at the wrong time is a fault, and blocks nothing."""

import asyncio

import pytest

from button.core.patterns import FAULT
from button.core.wire import KEY_STUCK
from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig
from vigie.bench.signal import felt
from vigie.phone.events import AlertTaken, ButtonState


@pytest.mark.needs("power", "siren", "indicator")
async def test_a_key_held_through_power_on_is_told_and_raises_no_alert(
    cold_board: Board, rig: Rig, phone: BenchPhone
) -> None:
    rig.set_key(1)
    rig.power(True)
    await phone.connect(within_s=30)  # whoever holds a key at power-on may want the console
    await phone.transcript.saw(
        ButtonState, within_s=2, where=lambda e: bool(e.state.flags & KEY_STUCK)
    )
    await asyncio.sleep(60)
    assert not phone.transcript.of(AlertTaken)
    assert not rig.siren.pulses
    assert FAULT in [f.state for f in felt(rig.indicator.pulses)]
    rig.set_key(0)
    await phone.transcript.saw(
        ButtonState, within_s=2, where=lambda e: not e.state.flags & KEY_STUCK
    )
    await rig.press()
    await phone.transcript.saw(AlertTaken, within_s=2)


@pytest.mark.needs("siren", "hours")
async def test_a_stuck_key_sounds_the_alarm_once_and_works_again_after_release(
    board: Board, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    rig.set_key(1)
    await asyncio.sleep(300)
    assert len(phone.transcript.of(AlertTaken)) == 1
    phone.sound_siren(False)
    await rig.siren.becomes(False, within_s=1)
    rig.set_key(0)
    await asyncio.sleep(1)
    await rig.press()
    await asyncio.sleep(2)
    assert len(phone.transcript.of(AlertTaken)) == 2
