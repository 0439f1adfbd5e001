"""The world of a test or a demo: one clock, one air, boards and stations on it, one seed."""

import asyncio
import contextlib
import gc
import traceback
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from vigie.boards.spec import BoardSpec
from vigie.radio.air import Air
from vigie.radio.device import Station, make_station
from vigie.radio.frugal import be_frugal
from vigie.radio.hci_log import HciLog
from vigie.radio.seeding import seeded
from vigie.radio.swallowed import swallowed_errors
from vigie.virtual.board import VirtualBoard
from vigie.virtual.chip.ble import Ble
from vigie.virtual.clock import WorldLoop
from vigie.virtual.process import own_cores

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Place:
    """A name on the air: distance and losses belong to it, whoever boots under it."""

    name: str


class World:
    """Everything that shares a clock. Make one with `open_world`."""

    def __init__(self, runner: asyncio.Runner, seed: int, *, leases: bool = True):
        self._runner = runner
        self.seed = seed
        loop = runner.get_loop()
        assert isinstance(loop, WorldLoop)
        self.loop = loop
        self._leases = leases
        self.failures: list[str] = []
        self.on_failure: list[Callable[[str], None]] = [self.failures.append]
        self.loop.set_exception_handler(self._on_error)
        self.hci_log = HciLog()
        self.air = Air(seed=seed)
        self.boards: list[VirtualBoard] = []
        self._counts: dict[str, int] = {}

    def run(self, main: Coroutine[Any, Any, _T]) -> _T:
        """Let the world go on until this is done.

        Raises:
            WorldError: something in the world failed meanwhile that nobody caught; if `main`
                failed too, perhaps because of that, its error is the cause of this one.
        """
        try:
            result = self._runner.run(main)
        except Exception as e:
            if failure := self._failure():
                raise failure from e
            raise
        self.check()
        return result

    def check(self) -> None:
        """Raise WorldError if something failed that nobody caught."""
        if failure := self._failure():
            raise failure

    def _failure(self) -> "WorldError | None":
        for board in self.boards:
            if board.vm:
                board.vm.look()
        broken = [f"{b.spec.name} board: {c}" for b in self.boards for c in b.crashes]
        if self.failures or broken:
            return WorldError("\n".join([*self.failures, *broken]))
        return None

    def add_board(self, spec: BoardSpec, home: Path, *, skip_stalls: bool = False) -> VirtualBoard:
        """A board on the air, not yet powered."""
        name = self.next_name("board")

        def station() -> Station:
            address = ":".join(f"{b:02X}" for b in board.unique_id)
            return make_station(
                self.air, name, address, address_type="public", hci_log=self.hci_log
            )

        board = VirtualBoard(
            spec,
            home,
            self.loop,
            self.fail,
            seed=self.seed + len(self.boards),
            radio=Ble(self.loop, station),
            leases=self._leases,
            skip_stalls=skip_stalls,
        )
        self.boards.append(board)
        return board

    @property
    def board_names(self) -> list[Place]:
        """The boards as the air knows them."""
        return [Place(f"board{i + 1}") for i in range(len(self.boards))]

    def next_name(self, kind: str) -> str:
        """A name for another board or phone, unique in this world: board1, board2, phone1."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}{self._counts[kind]}"

    def fail(self, what: str, error: BaseException | None = None) -> None:
        """Something failed that nobody waits for."""
        text = what
        if error is not None:
            text += "\n" + "".join(traceback.format_exception(error)).rstrip()
        for tell in self.on_failure:
            tell(text)

    def _on_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.fail(context["message"], context.get("exception"))


_CANCELS_MOST = 5
_CANCELLED_WITHIN_S = 1.0
_COLLECT_AFTER = 20_000
"""New objects."""


class WorldError(AssertionError):
    """Something failed in the world that nobody caught."""


@contextlib.contextmanager
def open_world(seed: int = 0, *, paced: bool = False, leases: bool = True) -> Generator[World]:
    """A world that ends with the block: boards lose power, tasks are cancelled."""
    be_frugal()
    with contextlib.ExitStack() as stack:
        for surroundings in (own_cores(), seeded(seed), _collect_seldom()):
            stack.enter_context(surroundings)
        runner = stack.enter_context(asyncio.Runner(loop_factory=lambda: WorldLoop(paced)))
        world = World(runner, seed, leases=leases)
        stack.enter_context(swallowed_errors(world.fail))
        try:
            yield world
        finally:
            for board in world.boards:
                board.power_off()
            _end_tasks(runner.get_loop())


@contextlib.contextmanager
def _collect_seldom() -> Generator[None]:
    """In the block Python looks less often for objects that hold each other and nobody else does.

    A world is made of many objects that stay: to look at them again and again would take several
    per cent of its time.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _COLLECT_AFTER) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel all tasks. One that then waits for somebody who is gone too is cancelled again."""
    for _ in range(_CANCELS_MOST):
        tasks = asyncio.all_tasks(loop)
        if not tasks:
            return
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.wait(tasks, timeout=_CANCELLED_WITHIN_S))
