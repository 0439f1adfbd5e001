"""The rig `rts` on a virtual board: through its lines the same gestures, siren and feedback."""

import asyncio
from collections.abc import Generator

import pytest

from tests.unit.bench.modem_lines import Lines
from vigie.bench.rts_rig import RtsRig
from vigie.bench.signal import felt
from vigie.bench.virtual_rig import VirtualRig
from vigie.virtual.board import VirtualBoard
from vigie.virtual.chip.gpio import Output
from vigie.virtual.world import World


@pytest.fixture
def rts_rig(world: World, board: VirtualBoard) -> Generator[RtsRig]:
    lines = Lines(VirtualRig(board).set_key)
    inputs = {board.spec.siren.pin: "cts", board.spec.indicator.pin: "dsr"}

    def sense(output: Output) -> None:
        if output.pin in inputs:
            lines.high[inputs[output.pin]] = output.active

    board.gpio.on_output.append(sense)

    async def open_it() -> RtsRig:
        return RtsRig(lines, {"siren": "cts", "indicator": "dsr"})

    rig = world.run(open_it())
    yield rig
    rig.close()


async def test_a_click_through_the_lines_is_a_click(board: VirtualBoard, rts_rig: RtsRig) -> None:
    await rts_rig.press()
    await board.console.said("gesture single", within_s=1)
    await asyncio.sleep(1)
    assert [f.name for f in felt(rts_rig.indicator.pulses)] == ["registered"]


async def test_a_hold_sounds_the_siren_and_its_lines_hear_it(
    board: VirtualBoard, rts_rig: RtsRig
) -> None:
    pressed_s = await rts_rig.press(2500)
    await rts_rig.siren.becomes(True, within_s=1)
    assert rts_rig.siren.since_s - (pressed_s + 2.0) <= 0.150
    board.machine_reset()
    await rts_rig.siren.becomes(False, within_s=1)


async def test_an_adapter_that_is_plugged_in_and_out_presses_nothing(
    board: VirtualBoard, rts_rig: RtsRig
) -> None:
    rts_rig.close()
    await asyncio.sleep(5)
    assert "gesture" not in board.console.text
