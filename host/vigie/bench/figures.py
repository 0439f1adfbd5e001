"""The bench's own figures: how fast the virtual world is, and how quick the button in it.

Each speed is measured in equal parts, half of them in the end, and the fastest of them is told:
what else this computer does meanwhile can only make one slower (Python's timeit takes the fastest
for the same reason).
"""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

from vigie.bench import sound_figures
from vigie.bench.open_bench import open_bench
from vigie.bench.percentiles import percentiles
from vigie.boards import spec
from vigie.boards.spec import BoardSpec
from vigie.phone.events import AlertTaken, ButtonState, PressBegan
from vigie.virtual.prepare import firmware_home

PARTS = 10
IDLE_S = 3600.0
CHATTY_S = 60
ADVERTISING_S = 600.0
SCENARIOS = 10
"""Of each part."""
PRESSES = 200


def measure(progress: Callable[[str], None]) -> dict[str, Any]:
    """All figures. `progress` is told what is being measured."""
    firmware_home(spec.load("virtual"))
    speeds = _speeds(progress)
    progress(f"{PRESSES} presses")
    latencies = _latencies()
    sound = sound_figures.measure(progress)
    for name, speed in _speeds(progress).items():  # a computer may be slow for a minute
        speeds[name] = max(speeds[name], speed)
    return {
        **{name: round(speed) for name, speed in speeds.items()},
        "scenarios_per_s": round(speeds["scenarios_per_s"], 1),
        **latencies,
        "sound": sound,
    }


def _speeds(progress: Callable[[str], None]) -> dict[str, float]:
    progress(f"connected, idle, {PARTS} hours")
    idle = _ratio(IDLE_S, connected=True)
    progress("connected, one message a second")
    chatty = _chatty_ratio()
    progress("advertising, nobody near")
    advertising = _ratio(ADVERTISING_S, connected=False)
    progress(f"{PARTS * SCENARIOS} whole scenarios")
    return {
        "idle_connected_ratio": idle,
        "chatty_ratio": chatty,
        "advertising_ratio": advertising,
        "scenarios_per_s": _scenarios_per_s(),
    }


def _ratio(seconds: float, *, connected: bool) -> float:
    """Simulated seconds a wall second while nothing happens."""
    with open_bench() as bench:

        async def run() -> float:
            await bench.boot()
            if connected:
                await bench.phone.connect()
                await asyncio.sleep(5)
            return seconds / await _fastest_s(lambda: asyncio.sleep(seconds))

        return bench.world.run(run())


def _chatty_ratio() -> float:
    """The same while the phone says something every second."""
    with open_bench() as bench:

        async def chat() -> None:
            assert bench.phone.app is not None
            for _ in range(CHATTY_S):
                bench.phone.app.sound_siren(False)
                await asyncio.sleep(1)

        async def run() -> float:
            await bench.boot()
            await bench.phone.connect()
            await asyncio.sleep(5)
            return CHATTY_S / await _fastest_s(chat)

        return bench.world.run(run())


async def _fastest_s(part: Callable[[], Awaitable[None]]) -> float:
    walls_s: list[float] = []
    for _ in range(PARTS):
        with _timed(walls_s):
            await part()
    return min(walls_s)


@contextmanager
def _timed(walls_s: list[float]) -> Generator[None]:
    """Add how long the block took."""
    began_s = time.perf_counter()
    yield
    walls_s.append(time.perf_counter() - began_s)


def _scenarios_per_s() -> float:
    """Spawn, boot, connect, click, five SMS, acknowledged: how often in a wall second."""
    board_spec = spec.load("virtual")
    walls_s: list[float] = []
    for part in range(PARTS):
        with _timed(walls_s):
            for i in range(SCENARIOS):
                _scenario(part * SCENARIOS + i, board_spec)
    return SCENARIOS / min(walls_s)


def _scenario(seed: int, board_spec: BoardSpec) -> None:
    with open_bench(seed, board_spec) as bench:

        async def run() -> None:
            await bench.boot()
            await bench.phone.connect()
            await bench.click()

        bench.world.run(run())
        if sorted(m.contact for m in bench.phone.sms.taken) != sorted(bench.phone.contacts):
            raise AssertionError(f"scenario {seed}: not one SMS to each contact")


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
            "down_ms": percentiles(first_edges_s, downs_s),
            "alert_ms": percentiles(decided_s, alerts_s),
            "boot_to_advertising_ms": round(boot_s * 1000, 1),
            "heap_free_bytes": heard.of(ButtonState)[0].state.free_heap,
            "heap_free_after_alerts_bytes": heard.of(ButtonState)[-1].state.free_heap,
        }
