"""The process of a VM: how it starts, is interrupted and ends."""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

from vigie.boards.firmware import NATIVE
from vigie.boards.mpy import compiled
from vigie.virtual import micropython
from vigie.virtual.bus import Pipes

SHIMS = Path(__file__).parent / "shims"
_PATH_LENGTH = 200
_ADDR_NO_RANDOMIZE = 0x0040000
_ASK_ONLY = 0xFFFFFFFF
_ALL_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


@functools.cache
def shims() -> Path:
    """The folder of compiled shims."""
    march = micropython.architecture()
    sources = (p for p in SHIMS.glob("*.py") if march or not p.name.endswith(NATIVE))
    return compiled({p.name: p for p in sources}, march)


@functools.cache
def pending_distance() -> int:
    """What shims/find_pending.py finds in this MicroPython, or 0."""
    find = f"import sys; sys.path.insert(0, {str(shims())!r}); import find_pending"
    command = [*micropython.find(), "-X", "heapsize=1m", "-c", find]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=20, check=False, env={}
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    words = answer.stdout.split()
    return int(words[1]) if words[:1] == ["found"] and words[1] != "None" else 0


class Process:
    """One run of MicroPython.

    What it computes depends on nothing of this machine: it has no environment, its paths have one
    length, and its objects, which MicroPython's dictionaries order by their addresses, lie at the
    same addresses wherever the system can do that.
    """

    def __init__(self, image: Path, heap_bytes: int, pipes: Pipes):
        fds = (pipes.vm_in, pipes.vm_out)
        words = [_same_length(shims()), *(f"{fd:09d}" for fd in fds), _same_length(image)]
        words.append(f"{pending_distance():+020d}")
        boot = f"import sys; sys.argv[:] = {words}; sys.path.insert(0, sys.argv[0]); import boot"
        with _same_addresses():
            self._popen = subprocess.Popen(
                [*micropython.find(), "-X", f"heapsize={heap_bytes}", "-c", boot],
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                stdout=pipes.vm_text,
                stderr=pipes.vm_text,
                env={},
                process_group=0,  # Ctrl-C in the terminal is for the host
            )
        pipes.hand_over()
        self.prepared = False
        """Whether `call` works: it says so itself."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._popen.poll() is None

    def cpu_s(self) -> float:
        """How long it has computed, if the system tells; else the wall's time."""
        try:
            return time.clock_gettime(~self._popen.pid << 3 | 2)  # Linux: a process's clock
        except OSError:
            return time.monotonic()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self._popen.pid, number)

    def call(self) -> bool:
        """Have it raise KeyboardInterrupt where that does no harm; False if it cannot do that."""
        if self.prepared:
            self.signal(signal.SIGUSR2)
        return self.prepared

    def interrupt(self, asks: Callable[[], bool]) -> bool:
        """Raise KeyboardInterrupt in it, unless it asks the host something: then False.

        It is stopped first, for the signal strikes anywhere and would tear a question apart.
        """
        self.signal(signal.SIGSTOP)
        _, status = os.waitpid(self._popen.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            self._popen.returncode = os.waitstatus_to_exitcode(status)
            return False
        free = not asks()
        if free:
            self.signal(signal.SIGINT)
        self.signal(signal.SIGCONT)
        return free

    def kill(self) -> None:
        """End it at once."""
        self._popen.kill()
        self._popen.wait()

    def how_it_ended(self) -> str:
        """In words, when its end of the bus is closed."""
        try:
            code = self._popen.wait(5)
        except subprocess.TimeoutExpired:
            return "closed its bus"
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def share_a_core() -> None:
    """Pin this process, and the VMs that it starts from now on, to one core.

    They run in turn, and a wake-up across cores costs five times. The core follows from our
    process number, so that parallel workers spread over the machine.
    """
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(_ALL_CORES)
        core = {cores[os.getpid() % len(cores)]}
        if os.sched_getaffinity(0) != core:
            os.sched_setaffinity(0, core)


@contextlib.contextmanager
def own_cores() -> Generator[None]:
    """After the block this process may run where it could before."""
    if not hasattr(os, "sched_getaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _same_length(path: Path) -> str:
    """The path with more slashes: where it lies must not change the VM's heap by a byte."""
    return str(path.resolve()).rjust(_PATH_LENGTH, "/")


@contextlib.contextmanager
def _same_addresses() -> Generator[None]:
    """Processes started in the block have no random addresses, if the system allows that."""
    before = _personality(_ASK_ONLY)
    _personality(before | _ADDR_NO_RANDOMIZE)
    try:
        yield
    finally:
        _personality(before)


def addresses_can_be_fixed() -> bool:
    """Linux only, and not in containers that forbid it."""
    with _same_addresses():
        return bool(_personality(_ASK_ONLY) & _ADDR_NO_RANDOMIZE)


def _personality(wanted: int) -> int:
    """How this process's children are started from now on: inherited, it works at exec."""
    if sys.platform != "linux":
        return 0
    return max(0, _c_library().personality(wanted))


@functools.cache
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(None)
