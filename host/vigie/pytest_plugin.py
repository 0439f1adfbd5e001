"""Fixtures for tests of the product: `board`, `rig`, `phone`, on a board chosen by --board.

Without --port the board is a virtual one. With it the same tests run on the board at that serial
port, on the wall clock; what presses it is chosen by --rig, its phone by --phone.

Async tests run inside the world of their board; what fails in that world without being caught
fails the test.
"""

import asyncio
import inspect
import shutil
from collections.abc import Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from mpremote.transport_serial import SerialTransport

from vigie.bench import bench_file, needs
from vigie.bench.antennas import bench_antenna
from vigie.bench.bench_file import BenchSpec
from vigie.bench.phones import BenchPhone, make_phone
from vigie.bench.ports import device
from vigie.bench.protocol import Board, Rig
from vigie.bench.rigs import opened_rig
from vigie.bench.serial_board import READY, READY_WITHIN_S, SerialBoard, attached, start_afresh
from vigie.bench.serial_wire import SerialWire
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards import spec
from vigie.errors import VigieError
from vigie.keeping import junit, keeper
from vigie.keeping.facts import facts
from vigie.keeping.sections import sections
from vigie.virtual.board import VirtualBoard, check_modelled
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.world import World, open_world

MISUSE = 2
"""Exit code when there is something the user can put right."""
BENCH = pytest.StashKey[BenchSpec | None]()
RADIOS = frozenset({"phone", "stranger", "antenna"})
"""Fixtures that are or use the phone's radio; `antenna` is of tests/hil."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our options."""
    group = parser.getgroup("vigie")
    group.addoption("--board", help="board to test: a name of boards/ (virtual)")
    group.addoption("--seed", type=int, default=0, help="seed of the virtual world")
    group.addoption("--bench", type=Path, metavar="FILE", help="a bench of hardware: benches/")
    group.addoption("--port", help="the board at this serial port instead of a virtual one")
    group.addoption("--rig", help="with --port: none, rts:PORT, board:PORT, hand")
    group.addoption("--phone", help="with --port: adapter, adapter:hci1, hci:HOST:PORT, none")
    group.addoption("--patient", action="store_true", help="also what waits for many minutes")
    group.addoption(
        "--strict-needs", action="store_true", help="what the bench cannot do fails, not skips"
    )
    group.addoption("--thorough", action="store_true", help="every case where some are picked")
    keeper.add_option(group)


def pytest_configure(config: pytest.Config) -> None:
    """Our marker."""
    config.addinivalue_line("markers", "needs(*abilities): skip unless the bench can do this")


def pytest_sessionstart(session: pytest.Session) -> None:
    """No test runs on another board than the one that was asked for.

    Not while pytest is configured: `vigie.labgrid_plugin` finds the words between the two.
    """
    config = session.config
    try:
        config.stash[BENCH] = bench = _bench(config)
        board_spec = _board_spec(config)
        if bench is None:
            check_modelled(board_spec)
    except VigieError as e:
        raise pytest.UsageError(str(e)) from None
    on_what = facts(bench, board_spec, _seed(config))
    keeper.configure(config, on_what)
    junit.configure(config, on_what)


def _bench(config: pytest.Config) -> BenchSpec | None:
    file: Path | None = config.getoption("--bench")
    words = {n: str(config.getoption(f"--{n}") or "") for n in ("port", "board", "rig", "phone")}
    return bench_file.from_words(file, **words)


def _seed(config: pytest.Config) -> int:
    return int(config.getoption("--seed") or 0)


def _board_spec(config: pytest.Config) -> spec.BoardSpec:
    bench = config.stash[BENCH]
    return spec.load(bench.board if bench else str(config.getoption("--board") or "virtual"))


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
        report.sections += sections(item.funcargs)
    return report


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Seed of the world."""
    return _seed(request.config)


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
def bench(request: pytest.FixtureRequest) -> BenchSpec | None:
    """The bench of hardware, or None: all is virtual."""
    return request.config.stash[BENCH]


@pytest.fixture
def world(seed: int, bench: BenchSpec | None) -> Generator[World]:
    """A world with its own clock, which is the wall's if there is hardware."""
    with open_world(seed, paced=bench is not None) as world:
        yield world
        world.check()


@pytest.fixture
def cold_board(world: World, board_spec: spec.BoardSpec, home: Path) -> VirtualBoard:
    """The board with the firmware in its flash, without power."""
    return world.add_board(board_spec, home)


@pytest.fixture(scope="session")
def console_port(
    request: pytest.FixtureRequest, board_spec: spec.BoardSpec
) -> Generator[SerialTransport]:
    """The console of a board of hardware that has the firmware; all ends if it has not."""
    bench = request.config.stash[BENCH]
    assert bench is not None, "this is for hardware"
    try:
        with attached(device(bench.port), board_spec) as transport:
            yield transport
    except VigieError as e:
        pytest.exit(str(e), MISUSE)


@pytest.fixture
def board(
    request: pytest.FixtureRequest, world: World, board_spec: spec.BoardSpec
) -> Generator[Board]:
    """The board, running."""
    if request.config.stash[BENCH] is None:
        cold_board: VirtualBoard = request.getfixturevalue("cold_board")

        async def switch_on() -> None:
            cold_board.power_on()
            await cold_board.console.said(READY, within_s=READY_WITHIN_S)

        world.run(switch_on())
        yield cold_board
        return
    transport: SerialTransport = request.getfixturevalue("console_port")

    async def start() -> SerialBoard:
        board = SerialBoard(board_spec, SerialWire(transport.serial, world.fail), world.fail)
        await board.console.said(READY, within_s=READY_WITHIN_S)
        return board

    try:
        start_afresh(transport)
        board = world.run(start())
    except (VigieError, TimeoutError) as e:
        pytest.exit(str(e), MISUSE)
    yield board
    board.close()


@pytest.fixture
def rig(
    request: pytest.FixtureRequest,
    world: World,
    bench: BenchSpec | None,
    board_spec: spec.BoardSpec,
) -> Generator[Rig]:
    """What presses the board's key and senses its outputs."""
    if bench is None:
        yield VirtualRig(request.getfixturevalue("cold_board"))
        return
    stack = AsyncExitStack()
    try:
        opened = opened_rig(bench.rig, board_spec, world.fail)
        rig = world.run(stack.enter_async_context(opened))
    except VigieError as e:
        pytest.exit(str(e), MISUSE)
    yield rig
    world.run(stack.aclose())


def _new_phone(
    world: World, bench: BenchSpec | None, folder: Path, number: int
) -> Generator[BenchPhone]:
    folder.mkdir()
    antenna = bench_antenna(bench.phone.kind, bench.phone.where, number) if bench else None
    phone = make_phone(world, folder, antenna=antenna)
    yield phone
    phone.close()
    if antenna:
        world.run(antenna.close())
    shutil.rmtree(folder)


@pytest.fixture
def phone(world: World, bench: BenchSpec | None, tmp_path: Path) -> Generator[BenchPhone]:
    """A phone with five contacts beside the board, connected if the board runs."""
    yield from _new_phone(world, bench, tmp_path / "phone", 1)


@pytest.fixture
def stranger(world: World, bench: BenchSpec | None, tmp_path: Path) -> Generator[BenchPhone]:
    """Somebody else's radio near the board."""
    yield from _new_phone(world, bench, tmp_path / "stranger", 2)


@pytest.fixture(scope="session")
def phone_trouble(request: pytest.FixtureRequest) -> str:
    """Why there is no phone on a bench of hardware; nothing if there is one."""
    bench = request.config.stash[BENCH]
    if bench is None:
        return ""
    if bench.phone.kind == "none":
        return "this bench has no phone"
    try:
        asyncio.run(bench_antenna(bench.phone.kind, bench.phone.where).check())
    except VigieError as e:
        return f"no phone: {e.what}"
    return ""


@pytest.fixture(autouse=True)
def _needs(request: pytest.FixtureRequest) -> None:  # pyright: ignore[reportUnusedFunction]
    """Skip what this bench cannot do, and say why; with --strict-needs, fail."""
    needed = {str(word) for m in request.node.iter_markers("needs") for word in m.args}
    if complaint := needs.unknown(needed):
        pytest.fail(complaint, pytrace=False)
    bench = request.config.stash[BENCH]
    board = _board_spec(request.config)
    patient = bool(request.config.getoption("--patient"))
    able = needs.of_hardware(bench, board, patient=patient) if bench else needs.of_virtual(board)
    asks = set(inspect.signature(request.function).parameters)
    reason = needs.missing(able, needed, asks)
    if not reason and bench and bench.phone.kind != "hci" and {"phone", "stranger"} <= asks:
        reason = "this bench has one phone, not two"
    if not reason and asks & RADIOS:
        reason = request.getfixturevalue("phone_trouble")
    if reason and request.config.getoption("--strict-needs"):
        pytest.fail(reason, pytrace=False)
    if reason:
        pytest.skip(reason)
