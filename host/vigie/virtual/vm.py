"""A MicroPython process on the world's clock: questions, answers, interrupts, leases.

Serving it is a plain loop of reading, performing and answering inside loop callbacks, not a task:
the VM and its host never run at the same time. An answer carries a lease, the time before which
nothing can happen in the world, and until then the VM moves its own clock without asking.
"""

import asyncio
import functools
import inspect
import math
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from vigie.boards.mpy import compiled
from vigie.virtual import bus, micropython
from vigie.virtual.bus import Ended, Hang, Pipes, Request
from vigie.virtual.clock import WorldLoop

SHIMS = Path(__file__).parent / "shims"
HANG_S = 10.0
"""Wall seconds without touching the bus after which a program counts as hung."""
MAX_LEASE_S = 3600.0
"""An empty world must not let the VM run for ever: a test's time limit has to be seen."""
_ROUNDING_US = 0.001
"""What adding floating-point seconds can be off: the loop's time is not the chip's integer."""

_PATH_LENGTH = 200

Perform = Callable[[str, tuple[Any, ...]], Any]


@functools.cache
def shims() -> Path:
    """The folder of compiled shims."""
    return compiled({p.name: p for p in SHIMS.glob("*.py")})


def _same_length(path: Path) -> str:
    """The path with more slashes: where it lies must not change the VM's heap by a byte."""
    return str(path.resolve()).rjust(_PATH_LENGTH, "/")


def _share_a_core(process: subprocess.Popen[bytes]) -> None:
    """Pin VM and host together: they run in turn, and a wake-up across cores costs five times.

    The core follows from our process number, so that parallel workers spread over the machine.
    """
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(_ALL_CORES)
        core = {cores[os.getpid() % len(cores)]}
        os.sched_setaffinity(process.pid, core)
        os.sched_setaffinity(0, core)


_ALL_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


class Vm:
    """One run of MicroPython, from power to the end of the process.

    Args:
        loop: the world's.
        image: the flash image.
        heap_bytes: size of the VM's heap.
        perform: carries out a call; may return an awaitable; raises OSError, or
            NotImplementedError for what is not modelled, for the program.
        on_text: takes what the program prints.
        on_end: told why, when the process ends by itself or hangs.
        leases: whether to lend time (never in paced mode).
        skip_stalls: in paced mode, let no wall time pass while the CPU is blocked.
    """

    def __init__(
        self,
        loop: WorldLoop,
        image: Path,
        heap_bytes: int,
        perform: Perform,
        on_text: Callable[[bytes], None],
        on_end: Callable[[Exception], None],
        *,
        leases: bool = True,
        skip_stalls: bool = False,
    ):
        self._loop = loop
        self._perform = perform
        self._on_end = on_end
        self._leases = leases and not loop.paced
        self._skip_stalls = skip_stalls and loop.paced
        self.dead = False
        self.now_us = 0
        self.requests = 0
        self._interrupts: list[tuple[str, Any]] = []
        self._waiting = False
        self._timer: asyncio.Handle | None = None
        self._outcome: tuple[Any, int | str | None] = (None, None)
        self._tasks: list[asyncio.Future[Any]] = []
        self._pipes = Pipes(on_text, HANG_S)
        fds = (self._pipes.vm_in, self._pipes.vm_out)
        words = [_same_length(shims()), *(f"{fd:09d}" for fd in fds), _same_length(image)]
        boot = f"import sys; sys.argv[:] = {words}; sys.path.insert(0, sys.argv[0]); import boot"
        self._process = subprocess.Popen(
            [*micropython.find(), "-X", f"heapsize={heap_bytes}", "-c", boot],
            pass_fds=fds,
            stdin=subprocess.DEVNULL,
            stdout=self._pipes.vm_text,
            stderr=self._pipes.vm_text,
        )
        self._pipes.hand_over()
        # The chip's clock starts when it gets power.
        self._origin_s = loop.time()
        if loop.paced:
            loop.add_reader(self._pipes.questions, self._readable)
            loop.add_reader(self._pipes.text, self._pipes.drain)
        else:
            _share_a_core(self._process)
            self._timer = loop.call_soon(self._run, False)

    def interrupt(self, name: str, *args: Any) -> None:
        """Deliver an interrupt as soon as the program touches the bus."""
        self._interrupts.append((name, bus.plain(args)))
        if self._waiting:
            self._waiting = False
            if self._timer:
                self._timer.cancel()
            # Not at once: interrupts of the same moment arrive in one answer.
            self._timer = self._loop.call_soon(self._run, True)

    def pending(self, *names: str) -> int:
        """How many interrupts of these kinds the program has not seen."""
        return sum(1 for name, _ in self._interrupts if name in names)

    def break_computation(self) -> None:
        """Ctrl-C while Python computes. While it waits, an interrupt does it."""
        if self._loop.paced and not self._waiting:
            self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Cut the power."""
        if self.dead:
            return
        self.dead = True
        if self._timer:
            self._timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        if self._loop.paced:
            self._loop.remove_reader(self._pipes.questions)
            self._loop.remove_reader(self._pipes.text)
        self._process.kill()
        self._process.wait()
        self._pipes.close()

    def _run(self, answer: bool) -> None:
        """Answer if one is due, then serve until the program waits."""
        if self.dead:
            return
        try:
            if answer:
                self._answer()
            while not (self._loop.paced or self.dead):
                if not self._serve(self._pipes.receive()):
                    return
                self._answer()
        except (Ended, Hang) as e:
            self._end(e)

    def _readable(self) -> None:
        try:
            if self._serve(self._pipes.receive()):
                self._answer()
        except (Ended, Hang) as e:
            self._end(e)

    def _end(self, why: Exception) -> None:
        self.kill()
        self._on_end(why)

    def _serve(self, request: Request) -> bool:
        """Whether the answer is known now; if not, somebody will call `_run`."""
        self.requests += 1
        at_s = self._origin_s + request.now_us / 1e6
        if not self._loop.advance(at_s):
            self._timer = self._loop.call_at(at_s, self._resume, request)
            return False
        self.now_us = request.now_us
        self._outcome = (None, None)
        if request.kind == bus.CALL:
            return self._call(*request.call())
        if request.until_us <= request.now_us:
            return True
        if request.kind == bus.STALL and self._skip_stalls:
            self._loop.skip((request.until_us - request.now_us) / 1e6)
            return True
        if request.kind == bus.WAIT:
            if self._interrupts:
                return True
            self._waiting = True
        until_s = min(self._origin_s + request.until_us / 1e6, 1e12)
        self._timer = self._loop.call_at(until_s, self._wake)
        return False

    def _resume(self, request: Request) -> None:
        if not self.dead and self._serve(request):
            self._run(True)

    def _wake(self) -> None:
        self._waiting = False
        self._run(True)

    def _call(self, name: str, args: tuple[Any, ...]) -> bool:
        try:
            result = self._perform(name, args)
        except (OSError, NotImplementedError) as e:
            self._outcome = (None, _for_the_program(e))
            return True
        if inspect.isawaitable(result):
            task = self._loop.create_task(_awaited(result))
            self._tasks.append(task)
            task.add_done_callback(self._called)
            return False
        self._outcome = (result, None)
        return not self.dead

    def _called(self, task: asyncio.Future[Any]) -> None:
        self._tasks.remove(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, OSError | NotImplementedError):
            self._outcome = (None, _for_the_program(error))
        else:
            self._outcome = (task.result(), None)
        self._run(True)

    def _answer(self) -> None:
        elapsed_us = (self._loop.time() - self._origin_s) * 1e6
        # Round up: the program must never see a time before the event that woke it.
        self.now_us = max(self.now_us, math.ceil(elapsed_us - _ROUNDING_US))
        message = bus.answer(self.now_us, self._lease_us(), self._outcome[0], self._interrupts,
                             self._outcome[1])  # fmt: skip
        self._interrupts.clear()
        self._pipes.send(message)

    def _lease_us(self) -> int:
        """Before this time nothing happens in the world; 0 when a callback is ready."""
        if not self._leases:
            return 0
        limit_s = self._loop.time() + MAX_LEASE_S
        first_s = self._loop.next_event()
        until_s = limit_s if first_s is None else min(first_s, limit_s)
        return max(0, math.floor((until_s - self._origin_s) * 1e6 + _ROUNDING_US))


def _for_the_program(error: OSError | NotImplementedError) -> int | str | None:
    """An error number, or the name of what is not modelled."""
    return error.errno if isinstance(error, OSError) else str(error)


async def _awaited(result: Awaitable[Any]) -> Any:
    return await result
