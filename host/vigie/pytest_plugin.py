"""Fixtures for tests of the product: `board`, `rig`, `phone`, on a board chosen by --board.

Async tests run inside the world of their board; what fails in that world without being caught
fails the test.
"""

import inspect
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from vigie.bench.phones import BenchPhone, make_phone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards import spec
from vigie.errors import VigieError
from vigie.virtual.board import VirtualBoard, check_modelled
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.world import World, open_world

READY_WITHIN_S = 5.0
MISUSE = 2
"""Exit code when there is something the user can put right."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our options."""
    group = parser.getgroup("vigie")
    group.addoption("--board", default="virtual", help="board to test: a name of boards/")
    group.addoption("--seed", type=int, default=0, help="seed of the virtual world")
    group.addoption("--thorough", action="store_true", help="every case where some are picked")


def pytest_configure(config: pytest.Config) -> None:
    """Our marker; and no test runs on another board than the one that was asked for."""
    config.addinivalue_line("markers", "needs(*abilities): skip unless the rig can do this")
    try:
        check_modelled(_board_spec(config))
    except VigieError as e:
        raise pytest.UsageError(str(e)) from None


def _board_spec(config: pytest.Config) -> spec.BoardSpec:
    return spec.load(str(config.getoption("--board")))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an async test in its world."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    world = pyfuncitem.funcargs.get("world")
    if not isinstance(world, World):
        raise pytest.UsageError(f"{pyfuncitem.nodeid} is async but uses no board, rig or world")
    names = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    world.run(pyfuncitem.obj(**arguments))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, Any]:
    """A failed test shows what its board said."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        for name, value in item.funcargs.items():
            if isinstance(value, VirtualBoard):
                said = value.console.text[-6000:]
                report.sections.append((f"console of {name}", said))
            elif isinstance(value, BenchPhone):
                lines = "\n".join(repr(e) for e in value.transcript.events[-40:])
                report.sections.append((f"events of {name}", lines))
    return report


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Seed of the world."""
    return int(request.config.getoption("--seed") or 0)


@pytest.fixture(scope="session")
def board_spec(request: pytest.FixtureRequest) -> spec.BoardSpec:
    """The board under test."""
    return _board_spec(request.config)


@pytest.fixture(scope="session")
def prepared_home(board_spec: spec.BoardSpec) -> Path:
    """Home of a board that has just been deployed to."""
    try:
        return firmware_home(board_spec)
    except VigieError as e:
        pytest.exit(str(e), MISUSE)


@pytest.fixture
def home(prepared_home: Path, tmp_path: Path) -> Path:
    """A home of one's own, with the firmware in flash."""
    return copy_home(prepared_home, tmp_path / "board")


@pytest.fixture
def world(seed: int) -> Generator[World]:
    """A world with its own clock."""
    with open_world(seed) as world:
        yield world
        world.check()


@pytest.fixture
def cold_board(world: World, board_spec: spec.BoardSpec, home: Path) -> VirtualBoard:
    """The board with the firmware in its flash, without power."""
    return world.add_board(board_spec, home)


@pytest.fixture
def board(world: World, cold_board: VirtualBoard) -> VirtualBoard:
    """The board, running."""

    async def start() -> None:
        cold_board.power_on()
        await cold_board.console.said("advertising", within_s=READY_WITHIN_S)

    world.run(start())
    return cold_board


@pytest.fixture
def rig(cold_board: VirtualBoard) -> VirtualRig:
    """What presses the board's key and senses its outputs."""
    return VirtualRig(cold_board)


@pytest.fixture
def phone(world: World, tmp_path: Path) -> Generator[BenchPhone]:
    """A phone with five contacts beside the board, connected if the board runs."""
    folder = tmp_path / "phone"
    folder.mkdir()
    phone = make_phone(world, folder)
    yield phone
    phone.close()
    shutil.rmtree(folder)


@pytest.fixture
def stranger(world: World, tmp_path: Path) -> Generator[BenchPhone]:
    """Somebody else's radio near the board."""
    folder = tmp_path / "stranger"
    folder.mkdir()
    stranger = make_phone(world, folder)
    yield stranger
    stranger.close()


@pytest.fixture(autouse=True)
def _needs(request: pytest.FixtureRequest) -> None:  # pyright: ignore[reportUnusedFunction]
    marker = request.node.get_closest_marker("needs")
    if marker:
        rig: VirtualRig = request.getfixturevalue("rig")
        missing = sorted(set(marker.args) - rig.abilities)
        if missing:
            pytest.skip(f"the rig cannot: {', '.join(missing)}")
