"""The bench's own figures: how fast the virtual world is, and how quick the button in it."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from typing import Any

from vigie.bench import sound_figures
from vigie.bench.open_bench import Bench, open_bench
from vigie.bench.percentiles import percentiles
from vigie.boards import spec
from vigie.phone.events import AlertTaken, ButtonState, PressBegan
from vigie.virtual.prepare import firmware_home

IDLE_S = 24 * 3600.0
CHATTY_S = 600.0
ADVERTISING_S = 3600.0
SCENARIOS = 20
PRESSES = 200


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
        "sound": sound_figures.measure(progress),
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
    board_spec = spec.load("virtual")
    began_s = time.perf_counter()
    for seed in range(SCENARIOS):
        with open_bench(seed, board_spec) as bench:

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
            "down_ms": percentiles(first_edges_s, downs_s),
            "alert_ms": percentiles(decided_s, alerts_s),
            "boot_to_advertising_ms": round(boot_s * 1000, 1),
            "heap_free_bytes": heard.of(ButtonState)[0].state.free_heap,
            "heap_free_after_alerts_bytes": heard.of(ButtonState)[-1].state.free_heap,
        }
