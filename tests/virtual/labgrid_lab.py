"""A lab of labgrid on this computer: its coordinator, its exporter, users, and a virtual bench.

Each is a process of its own and knows the others by their addresses on loopback, as on several
computers; that users sit at different ones is said by the variables that labgrid has for it.
"""

import os
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.virtual.test_board_command import stop
from tests.virtual.test_hardware_in_the_loop import running
from vigie.paths import CACHE, ROOT

HOME = CACHE / "labgrid"
BIN = HOME / "bin"
SHARED = ROOT / "benches" / "labgrid"
ENVIRONMENT = SHARED / "env.yaml"
STARTED_WITHIN_S = 60.0


@dataclass
class Done:
    code: int
    said: str


@dataclass
class User:
    """Somebody at a computer, with the coordinator's address."""

    name: str
    coordinator: str

    def client(self, *words: str) -> Done:
        return self.run(BIN / "labgrid-client", "-c", ENVIRONMENT, *words)

    def tests(self, *words: str | Path, env: Path = ENVIRONMENT) -> Done:
        """The tests of the product, as `make hil` runs them on a place."""
        plugin = ("-p", "vigie.labgrid_plugin", "--lg-env", env)
        quiet = ("-p", "no:cacheprovider", "-rs")
        return self.run(BIN / "python", "-m", "pytest", *plugin, *quiet, *words)

    def run(self, *command: str | Path) -> Done:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={
                **_outside(),
                "LG_COORDINATOR": self.coordinator,
                "LG_USERNAME": self.name,
                "LG_HOSTNAME": f"computer-of-{self.name}",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return Done(done.returncode, done.stdout + done.stderr)


@contextmanager
def open_lab(folder: Path) -> Generator[str]:
    """A lab with a bench that belongs to a place; the address of its coordinator.

    folder: where the coordinator keeps what it knows.
    """
    with ExitStack() as stack:
        port, rig, phone = stack.enter_context(
            running("board", "--firmware", "--realtime", "--bench", says=3)
        )
        bridged = ("--listen", "127.0.0.1:0")
        (console,) = stack.enter_context(running("bridge", port, *bridged))
        (second,) = stack.enter_context(running("bridge", rig.partition("board:")[2], *bridged))
        addresses = {"CONSOLE": console, "RIG": second, "RADIO": phone}
        coordinator = stack.enter_context(
            _serving("coordinator", "--listen", "127.0.0.1:0", until="listening on ", cwd=folder)
        )
        stack.enter_context(
            _serving(
                *("exporter", "--coordinator", coordinator, "--name", "desk-1"),
                SHARED / "exporter.yaml",
                until="Exporter ready",
                cwd=folder,
                env={name: address.rpartition(":")[2] for name, address in addresses.items()},
            )
        )
        made = User("admin", coordinator).run(SHARED / "places.sh")
        assert made.code == 0, made.said
        yield coordinator


@contextmanager
def _serving(
    program: str, *words: str | Path, until: str, cwd: Path, env: Mapping[str, str] | None = None
) -> Generator[str]:
    """A server of labgrid that has said a line which begins with `until`; what follows there."""
    log = cwd / f"{program}.log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [BIN / f"labgrid-{program}", *words],
            cwd=cwd,
            env={**_outside(), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield _line(log, until, process).removeprefix(until).strip()
    finally:
        stop(process)


def _line(log: Path, until: str, process: "subprocess.Popen[str]") -> str:
    deadline_s = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < deadline_s:
        for line in log.read_text(errors="replace").splitlines(keepends=True):
            if line.startswith(until) and line.endswith("\n"):
                return line
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)  # and look again, one last time, if it has ended
            deadline_s = min(deadline_s, time.monotonic() + 0.2)
    raise AssertionError(f"{log.stem} did not say {until!r}, but: {log.read_text()[-2000:]}")


def _outside() -> dict[str, str]:
    """The environment without what somebody has set for a labgrid of theirs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LG_")}
