"""The power fails at every single flash operation of an alert's life."""

import asyncio
import shutil
from pathlib import Path

import pytest

from button.core.wire import REGISTERED
from vigie.bench.phones import BenchPhone, make_phone
from vigie.bench.signal import felt
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec
from vigie.phone.events import AlertTaken
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home
from vigie.virtual.world import World, open_world

SETTLED_S = 30.0


def new_alerts(phone: BenchPhone) -> list[str]:
    return [repr(e.alert.event_id) for e in phone.transcript.of(AlertTaken) if e.is_new]


async def boot_and_press(world: World, board: VirtualBoard, rig: VirtualRig, phone: BenchPhone,
                         *, with_phone: bool) -> None:  # fmt: skip
    board.power_on()
    if with_phone:
        await phone.connect()
    else:
        await board.console.said("advertising", within_s=5)
    board.flash.operations = 0
    await rig.press()
    await asyncio.sleep(SETTLED_S)


def operations(spec: BoardSpec, home: Path, folder: Path, *, with_phone: bool) -> int:
    """How many flash operations an alert costs, from the press to its end."""
    folder.mkdir()
    with open_world() as world:
        board = world.add_board(spec, copy_home(home, folder / "board"))
        phone = make_phone(world, folder)
        world.run(boot_and_press(world, board, VirtualRig(board), phone, with_phone=with_phone))
        phone.close()
        return board.flash.operations


@pytest.mark.parametrize("with_phone", [True, False], ids=["phone near", "phone away"])
@pytest.mark.parametrize("done", [0.0, 0.5, 0.99])
def test_power_cut_at_every_flash_operation_of_an_alert(
    board_spec: BoardSpec, prepared_home: Path, tmp_path: Path, with_phone: bool, done: float
) -> None:
    total = operations(board_spec, prepared_home, tmp_path / "whole", with_phone=with_phone)
    assert total >= 2
    for k in range(1, total + 1):
        folder = tmp_path / f"cut{k}"
        folder.mkdir()
        with open_world(k) as world:
            board = world.add_board(board_spec, copy_home(prepared_home, folder / "board"))
            rig = VirtualRig(board)
            phone = make_phone(world, folder)
            world.run(cut_and_recover(world, board, rig, phone, k, done, with_phone=with_phone))
            phone.close()
        shutil.rmtree(folder)


async def cut_and_recover(
    world: World,
    board: VirtualBoard,
    rig: VirtualRig,
    phone: BenchPhone,
    k: int,
    done: float,
    *,
    with_phone: bool,
) -> None:
    board.power_on()
    if with_phone:
        await phone.connect()
    else:
        await board.console.said("advertising", within_s=5)
    board.flash.cut(at_operation=k, done=done)
    await rig.press()
    await asyncio.sleep(SETTLED_S)
    assert not board.on, f"operation {k} never came"
    promised = any(f.state == REGISTERED for f in felt(rig.indicator.pulses))
    board.flash.cut_at = None
    board.power_on()
    if not with_phone:
        await phone.connect()
    await asyncio.sleep(SETTLED_S)
    # What the wearer was promised is never lost, and nothing is there twice.
    assert len(new_alerts(phone)) in ((1,) if promised else (0, 1)), (k, done, promised)
    for contact in phone.contacts:
        assert len(phone.texts_to(contact)) == len(new_alerts(phone))
    # And the button works on.
    await rig.press()
    before = len(new_alerts(phone))
    await asyncio.sleep(SETTLED_S)
    assert len(new_alerts(phone)) == before + 1, (k, done)
