"""The bench's own figures: how fast the virtual world is, and how quick the button in it."""

import asyncio
import os
import random
import re
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vigie.bench.phones import BenchPhone, make_phone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards import spec
from vigie.phone.events import Acknowledged, AlertTaken, ButtonState, PressBegan
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.world import World, open_world

IDLE_S = 24 * 3600.0
CHATTY_S = 600.0
ADVERTISING_S = 3600.0
SCENARIOS = 20
PRESSES = 200


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


@contextmanager
def open_bench(seed: int = 0) -> Generator[Bench]:
    """A bench whose board has the firmware in flash."""
    board_spec = spec.load("virtual")
    with (
        tempfile.TemporaryDirectory(prefix="vigie-", dir=_scratch()) as folder,
        open_world(seed) as world,
    ):
        home = copy_home(firmware_home(board_spec), Path(folder) / "board")
        board = world.add_board(board_spec, home)
        phone = make_phone(world, Path(folder))
        try:
            yield Bench(world, board, VirtualRig(board), phone)
        finally:
            phone.close()


def _scratch() -> Path | None:
    """In memory where there is such a place: the figures are about computing, not about a disk."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else None


def measure(progress: Callable[[str], None]) -> dict[str, Any]:
    """All figures. `progress` is told what is being measured."""
    firmware_home(spec.load("virtual"))
    progress("connected, idle, 24 hours")
    idle = _ratio(IDLE_S, connected=True)
    progress("connected, one message a second")
    chatty = _chatty_ratio()
    progress("advertising, nobody near")
    advertising = _ratio(ADVERTISING_S, connected=False)
    progress(f"{SCENARIOS} whole scenarios")
    scenarios = _scenarios_per_s()
    progress(f"{PRESSES} presses")
    return {
        "idle_connected_ratio": round(idle),
        "chatty_ratio": round(chatty),
        "advertising_ratio": round(advertising),
        "scenarios_per_s": round(scenarios, 1),
        **_latencies(),
    }


def _ratio(seconds: float, *, connected: bool) -> float:
    """Simulated seconds a wall second while nothing happens."""
    with open_bench() as bench:

        async def run() -> float:
            await bench.boot()
            if connected:
                await bench.phone.connect()
                await asyncio.sleep(5)
            began_s = time.perf_counter()
            await asyncio.sleep(seconds)
            return seconds / (time.perf_counter() - began_s)

        return bench.world.run(run())


def _chatty_ratio() -> float:
    """The same while the phone says something every second."""
    with open_bench() as bench:

        async def run() -> float:
            await bench.boot()
            await bench.phone.connect()
            await asyncio.sleep(5)
            app = bench.phone.app
            assert app is not None
            began_s = time.perf_counter()
            for _ in range(round(CHATTY_S)):
                app.sound_siren(False)
                await asyncio.sleep(1)
            return CHATTY_S / (time.perf_counter() - began_s)

        return bench.world.run(run())


def _scenarios_per_s() -> float:
    """Spawn, boot, connect, click, five SMS, acknowledged: how often in a wall second."""
    began_s = time.perf_counter()
    for seed in range(SCENARIOS):
        with open_bench(seed) as bench:

            async def run(bench: Bench) -> None:
                await bench.boot()
                await bench.phone.connect()
                await bench.click()

            bench.world.run(run(bench))
            if sorted(m.contact for m in bench.phone.sms.taken) != sorted(bench.phone.contacts):
                raise AssertionError(f"scenario {seed}: not one SMS to each contact")
    return SCENARIOS / (time.perf_counter() - began_s)


def _latencies() -> dict[str, Any]:
    """In virtual time: the same on every computer."""
    rng = random.Random("presses")
    with open_bench() as bench:

        async def run() -> tuple[float, list[float]]:
            boot_s = await bench.boot()
            await bench.phone.connect()
            first_edges_s: list[float] = []
            for _ in range(PRESSES):
                # Later than the escalation window, and at any phase of the connection's events.
                await asyncio.sleep(rng.uniform(4, 6))
                first_edges_s.append(bench.world.loop.time())
                await bench.click()
            return boot_s, first_edges_s

        boot_s, first_edges_s = bench.world.run(run())
        heard = bench.phone.transcript
        decided_s = [
            line.t_s for line in bench.board.console.lines if re.search("gesture", line.text)
        ]
        downs_s = [e.t_s for e in heard.of(PressBegan)]
        alerts_s = [e.t_s for e in heard.of(AlertTaken) if e.is_new]
        return {
            "down_ms": _percentiles(first_edges_s, downs_s),
            "alert_ms": _percentiles(decided_s, alerts_s),
            "boot_to_advertising_ms": round(boot_s * 1000, 1),
            "heap_free_bytes": heard.of(ButtonState)[0].state.free_heap,
            "heap_free_after_alerts_bytes": heard.of(ButtonState)[-1].state.free_heap,
        }


def _percentiles(from_s: list[float], until_s: list[float]) -> dict[str, float]:
    delays = sorted((b - a) * 1000 for a, b in zip(from_s, until_s, strict=True))
    pick = {p: delays[min(len(delays) - 1, round(p / 100 * len(delays)))] for p in (50, 99)}
    return {f"p{p}": round(ms, 1) for p, ms in pick.items()}
