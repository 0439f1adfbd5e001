"""The power fails at flash operations all through a recording that no phone is there for.

The recording is made once, and every change of flash is noted. Each cut is then a flash image of
its own, with the operation in which it happened done in part, and a board that boots from it.
"""

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from vigie.bench.phones import BenchPhone, make_phone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec
from vigie.phone.events import AlertTaken, RecordingClosed
from vigie.phone.evidence.verify import verify
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home
from vigie.virtual.world import World, open_world

RECORDED_S = 10.0
LOST_MOST_S = 2.0
SETTLES_S = 0.35
CUTS = 12


@dataclass
class Story:
    """What flash held before, what changed when, and when the microphone could be heard."""

    before: bytes
    changes: list[tuple[float, int, bytes]] = field(default_factory=list)
    alert_kept: int = 0
    heard_s: float = 0.0

    def image(self, cut: int, done: float) -> bytes:
        """Flash after a cut in this operation, so much of which was done."""
        image = bytearray(self.before)
        for _, at, data in self.changes[:cut]:
            image[at : at + len(data)] = data
        _, at, data = self.changes[cut]
        part = data[: int(len(data) * done)]
        image[at : at + len(part)] = part
        return bytes(image)


def record(spec: BoardSpec, home: Path, folder: Path) -> Story:
    with open_world() as world:
        board = world.add_board(spec, copy_home(home, folder / "whole"))
        rig = VirtualRig(board)

        async def play() -> Story:
            board.power_on()
            await board.console.said("advertising", within_s=5)
            story = Story(board.flash.image.read_bytes())
            board.flash.hear.append(
                lambda at, data: story.changes.append((world.loop.time(), at, data))
            )
            for _ in range(2):
                await rig.press()
                await asyncio.sleep(0.2)
            line = await board.console.said("microphone on")
            story.alert_kept = len(story.changes)
            story.heard_s = line.t_s + SETTLES_S
            await asyncio.sleep(RECORDED_S)
            board.power_off()
            return story

        return world.run(play())


async def recover(board: VirtualBoard, phone: BenchPhone) -> None:
    board.power_on()
    await phone.connect()
    await asyncio.sleep(12)


def kept_s(world: World, spec: BoardSpec, home: Path, folder: Path) -> float:
    """Seconds of sound that reach the phone from this image; checks all else on the way."""
    board = world.add_board(spec, home)
    phone = make_phone(world, folder)
    world.run(recover(board, phone))
    closed = phone.transcript.of(RecordingClosed)
    assert len(closed) <= 1
    for event in closed:
        assert event.manifest.ended == "interrupted"
        assert verify(phone.evidence / event.manifest.recording).is_unchanged
    assert len([e for e in phone.transcript.of(AlertTaken) if e.is_new]) == 1
    phone.close()
    board.power_off()
    return closed[0].manifest.seconds if closed else 0.0


def test_a_power_cut_costs_less_than_two_seconds_of_sound_and_no_alert(
    board_spec: BoardSpec,
    prepared_home: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    story = record(board_spec, prepared_home, tmp_path)
    cuts = range(story.alert_kept, len(story.changes))
    assert len(cuts) > 100
    step = 1 if request.config.getoption("--thorough") else len(cuts) // CUTS
    losses: list[float] = []
    for cut in cuts[::step]:
        folder = tmp_path / f"cut{cut}"
        home = copy_home(prepared_home, folder / "board")
        (home / "flash.img").write_bytes(story.image(cut, done=cut % 3 / 2))
        with open_world() as world:
            kept = kept_s(world, board_spec, home, folder)
        heard = max(0.0, story.changes[cut][0] - story.heard_s)
        losses.append(heard - kept)
    print(f"{len(losses)} cuts of {len(cuts)}: {max(losses):.2f} s of sound lost at most")
    assert max(losses) < LOST_MOST_S


def test_every_change_of_flash_is_noted(
    board_spec: BoardSpec, prepared_home: Path, tmp_path: Path
) -> None:
    story = record(board_spec, prepared_home, tmp_path)
    assert all(a[0] <= b[0] for a, b in pairwise(story.changes))
    whole = story.image(len(story.changes) - 1, done=1.0)
    assert whole == (tmp_path / "whole" / "flash.img").read_bytes()
