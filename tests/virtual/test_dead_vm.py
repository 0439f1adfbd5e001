"""A MicroPython that dies is never silent, and one that hangs says where."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.virtual.programs import program
from vigie.boards.spec import BoardSpec
from vigie.virtual import vm
from vigie.virtual.board import VirtualBoard
from vigie.virtual.bus import Pipes
from vigie.virtual.process import Process
from vigie.virtual.world import WorldError, open_world

VIGIE = Path(sys.executable).with_name("vigie")
MPREMOTE = Path(sys.executable).with_name("mpremote")
DIES = "import uctypes\nuctypes.bytearray_at(0, 10)[0]\n"
Fails = Callable[[str, Callable[[VirtualBoard], Awaitable[object]]], WorldError]


@pytest.fixture
def fails(board_spec: BoardSpec, tmp_path: Path) -> Fails:
    """What a run of this main.py fails with."""

    def run(main: str, play: Callable[[VirtualBoard], Awaitable[object]]) -> WorldError:
        with open_world() as world:
            board = program(world, board_spec, tmp_path / "b", main)

            async def switch_on_and_play() -> None:
                board.resets.clear()
                board.power_on()
                await play(board)

            with pytest.raises(WorldError) as failure:
                world.run(switch_on_and_play())
            assert not board.on
            assert not board.resets
            return failure.value

    return run


async def twenty_seconds(board: VirtualBoard) -> None:
    await asyncio.sleep(20)


@pytest.mark.parametrize("guard", ["", "import machine\nmachine.WDT(timeout=5000)\n"])
def test_its_death_fails_the_run_with_the_signal_and_its_last_line(
    fails: Fails, guard: str
) -> None:
    failure = fails(f"{guard}print('so far')\n{DIES}", twenty_seconds)
    assert "ended by SIGSEGV" in str(failure)
    assert "so far" in str(failure)


def test_what_failed_because_of_it_is_told_as_its_consequence(fails: Fails) -> None:
    failure = fails(DIES, lambda board: board.console.said("never", within_s=5))
    assert "SIGSEGV" in str(failure)
    assert isinstance(failure.__cause__, TimeoutError)


def test_a_death_while_it_waits_is_noticed_too(
    fails: Fails, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Process] = []

    class Noted(Process):
        def __init__(self, image: Path, heap_bytes: int, pipes: Pipes):
            super().__init__(image, heap_bytes, pipes)
            started.append(self)

    async def play(board: VirtualBoard) -> None:
        await board.console.said("^asleep")
        started[-1].signal(signal.SIGKILL)
        started[-1].how_it_ended()

    monkeypatch.setattr(vm, "Process", Noted)
    failure = fails("import time\nprint('asleep')\ntime.sleep(100)\n", play)
    assert "SIGKILL" in str(failure)


@pytest.mark.parametrize("work", ["pass", "x = [0] * 100"])
def test_a_program_that_hangs_says_where(
    fails: Fails, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    monkeypatch.setattr(vm, "HANG_S", 0.3)
    failure = fails(f"def spin():\n    while True: {work}\nspin()\n", twenty_seconds)
    assert 'File "main.py", line 3, in <module>' in str(failure)
    assert 'File "main.py", line 2, in spin' in str(failure)


def test_a_program_that_hangs_in_c_says_so(fails: Fails, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vm, "HANG_S", 0.3)
    failure = fails("print(sum(range(10 ** 12)))\n", twenty_seconds)
    assert "inside C or native code" in str(failure)


def test_a_board_on_a_port_says_so_and_starts_again() -> None:
    with subprocess.Popen(
        [VIGIE, "board"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        port = process.stdout.readline().strip()
        connect = [MPREMOTE, "connect", port]
        subprocess.run([*connect, "exec", "--no-follow", DIES], check=True, capture_output=True)
        assert "ended by SIGSEGV" in process.stderr.readline()
        answer = subprocess.run(
            [*connect, "resume", "exec", "import machine; print(machine.reset_cause())"],
            check=True,
            capture_output=True,
            text=True,
        )
        assert answer.stdout.strip() == "2"
        process.terminate()
        assert process.wait(10) == 0
