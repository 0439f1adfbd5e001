"""A world with one board, its rig and a phone, for measuring."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vigie.bench.phones import BenchPhone, make_phone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec, load
from vigie.phone.events import Acknowledged, RecordingClosed
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.world import World, open_world


@dataclass(slots=True)
class Bench:
    """A world with a board, its rig and a phone."""

    world: World
    board: VirtualBoard
    rig: VirtualRig
    phone: BenchPhone

    async def boot(self) -> float:
        """Switch the board on; virtual seconds until it advertises."""
        began_s = self.world.loop.time()
        self.board.power_on()
        line = await self.board.console.said("advertising", within_s=10)
        return line.t_s - began_s

    async def click(self) -> None:
        """One click, and wait until it is acknowledged."""
        since = len(self.phone.transcript.events)
        await self.rig.press()
        await self.phone.transcript.saw(Acknowledged, within_s=30, since=since)

    async def recorded(self) -> RecordingClosed:
        """End the recording and wait until the phone has all of it."""
        heard = self.phone.transcript
        since = len(heard.events)
        self.phone.record(False)
        return await heard.saw(RecordingClosed, within_s=120, since=since)


@contextmanager
def open_bench(seed: int = 0, board_spec: BoardSpec | None = None) -> Generator[Bench]:
    """A bench whose board has the firmware in flash."""
    board_spec = board_spec or load("virtual")
    with (
        tempfile.TemporaryDirectory(prefix="vigie-", dir=scratch()) as folder,
        open_world(seed) as world,
    ):
        home = copy_home(firmware_home(board_spec), Path(folder) / "board")
        board = world.add_board(board_spec, home)
        phone = make_phone(world, Path(folder))
        try:
            yield Bench(world, board, VirtualRig(board), phone)
        finally:
            phone.close()


def scratch() -> Path | None:
    """A folder in memory where there is one: figures are about computing, not about a disk."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else None
