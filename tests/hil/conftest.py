"""What measurements on hardware share: where results go, and who can be asked."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from mpremote.transport_serial import SerialTransport

from vigie.bench.antennas import Antenna, bench_antenna
from vigie.bench.bench_file import BenchSpec
from vigie.bench.hand_rig import TERMINAL
from vigie.bench.physics.person import AtTerminal, Person
from vigie.bench.physics.results import FOLDER, Results
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.virtual.world import World

ELSEWHERE = "VIGIE_HIL_OUT"
"""Names another folder for the results."""


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, bool | None, bool | None]:
    """What a person can put right is told without a traceback."""
    try:
        return (yield)
    except VigieError as e:
        pytest.fail(str(e), pytrace=False)


@pytest.fixture
def results(board_spec: BoardSpec) -> Results:
    return Results(Path(os.environ.get(ELSEWHERE) or FOLDER), board_spec.name)


@pytest.fixture
def hardware(bench: BenchSpec | None) -> BenchSpec:
    """The bench; a test that asks for it needs("hardware")."""
    assert bench is not None
    return bench


@pytest.fixture
def console(request: pytest.FixtureRequest) -> SerialTransport:
    """The board's console, for scripts in its raw REPL. Opened only if the test is not skipped."""
    transport: SerialTransport = request.getfixturevalue("console_port")
    return transport


@pytest.fixture
def antenna(world: World, hardware: BenchSpec) -> Generator[Antenna]:
    """The phone's radio, without a phone; a test that asks for it is skipped if there is none."""
    antenna = bench_antenna(hardware.phone.kind, hardware.phone.where)
    yield antenna
    world.run(antenna.close())


@pytest.fixture
def person() -> Generator[Person]:
    """Whoever sits at the terminal."""
    try:
        with Path(TERMINAL).open("w") as screen, Path(TERMINAL).open() as keyboard:
            yield AtTerminal(screen, keyboard)
    except OSError:
        pytest.fail("there is no terminal on which a person could be asked", pytrace=False)
