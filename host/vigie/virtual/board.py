"""A board made of software: power, resets, and the chip's parts around one VM after another."""

import asyncio
import random
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any

from vigie.boards.spec import BoardSpec
from vigie.virtual.chip.console import Console
from vigie.virtual.chip.flash import Flash, make_blank
from vigie.virtual.chip.gpio import Gpio
from vigie.virtual.chip.nvs import Nvs
from vigie.virtual.chip.part import Part
from vigie.virtual.chip.timing import RealTimeClock, Timers, Watchdog
from vigie.virtual.clock import WorldLoop
from vigie.virtual.vm import Vm

FLASH_BYTES = 512 * 1024
"""Size of the file system: less than the chip's 2 MiB, and nothing of ours comes near it."""
SHIMS_HEAP_BYTES = 64 * 1024
"""What the shims take of the VM's heap; measured by tests/virtual/test_heap.py."""
BOOT_US = 350_000
"""From reset to boot.py; FeatherS3 with MicroPython 1.19: 635 ms less 217 ms of image validation,
rounded (research on micropython, section 2.2)."""


class Cause(IntEnum):
    """Why a chip starts: the values of machine.reset_cause()."""

    POWER_ON = 1
    HARD = 2
    WATCHDOG = 3
    DEEP_SLEEP = 4
    SOFT = 5


class VirtualBoard:
    """One board. Its flash and non-volatile storage live in `home` and outlive it.

    Args:
        spec: which board it is.
        home: folder of its flash image; made, with a blank flash, if it does not exist.
        loop: the world's.
        seed: of all its randomness.
        radio: its radio part, if it has one.
        leases: whether the VM is lent time; without them it asks at every step.
        skip_stalls: in paced mode, let no wall time pass during flash erases.
    """

    def __init__(
        self,
        spec: BoardSpec,
        home: Path,
        loop: WorldLoop,
        *,
        seed: int = 0,
        radio: Part | None = None,
        leases: bool = True,
        skip_stalls: bool = False,
    ):
        self.spec = spec
        self.loop = loop
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        image = home / "flash.img"
        if not image.exists():
            make_blank(image, FLASH_BYTES)
        self._rng = random.Random(f"board {seed}")
        self.unique_id = b"\xc4\xf2\x17" + self._rng.randbytes(3)
        self._leases = leases
        self._skip_stalls = skip_stalls
        self.gpio = Gpio(loop)
        self.flash = Flash(image)
        self.nvs = Nvs(home / "nvs.json")
        self.nvs.power_failed = self._power_failed
        self.console = Console(loop)
        self.watchdog = Watchdog(lambda: self._reset(Cause.WATCHDOG))
        self.rtc = RealTimeClock(loop)
        self._parts: list[Part] = [self.gpio, self.flash, self.nvs, self.console, Timers(loop)]
        self._parts += [self.watchdog, self.rtc]
        if radio:
            self._parts.append(radio)
        self._calls: dict[str, Callable[..., Any]] = {
            "hello": self._hello_facts,
            "reset": self._reset,
            "urandom": self._rng.randbytes,
            "power_failed": self._power_failed,
        }
        for part in self._parts:
            self._calls.update(part.calls())
        self.battery_mv = 3900
        self.gpio.feed(spec.battery.pin, self._battery_uv)
        self.gpio.drive(spec.key.pin, 1 if spec.key.active_low else 0)
        self.vm: Vm | None = None
        self.resets: list[Cause] = []
        self.crashes: list[str] = []
        self.ticks_origin_us = 0
        self._hello: dict[str, Any] = {}
        self._restart: asyncio.Handle | None = None

    @property
    def on(self) -> bool:
        """Whether a program runs."""
        return self.vm is not None

    def power_on(self, cause: Cause = Cause.POWER_ON, *, wake_reason: int = 0) -> None:
        """Give the chip power."""
        self._start(cause, raw=False, wake_reason=wake_reason)

    def power_off(self) -> None:
        """Take the power away, at once and without warning."""
        self._stop(power_lost=True)

    def machine_reset(self) -> None:
        """Reset the processor, as machine.reset() does: the real-time clock runs on."""
        self._reset(Cause.HARD)

    def reset(self) -> None:
        """Press the reset button (EN): not a loss of power for the flash, but for all the rest."""
        self._stop(power_lost=True)
        self._plan_restart(Cause.POWER_ON, raw=False)

    def _start(self, cause: Cause, *, raw: bool, wake_reason: int = 0) -> None:
        if self.vm:
            return
        if cause is not Cause.SOFT:
            self.watchdog.timeout_us = None
        self._hello = {
            "cause": int(cause),
            "wake_reason": wake_reason,
            "raw": raw,
            "seed": self._rng.randrange(1 << 30),
            "unique_id": self.unique_id,
            "ticks_us": self.ticks_origin_us,
            "boot_us": 0 if cause is Cause.SOFT else BOOT_US,
            "watchdog_us": self.watchdog.timeout_us,
        }
        heap = 2 * self.spec.heap_kib * 1024 + SHIMS_HEAP_BYTES
        self.vm = Vm(
            self.loop,
            self.flash.image,
            heap,
            self._perform,
            self.console.print,
            self._ended,
            leases=self._leases,
            skip_stalls=self._skip_stalls,
        )
        for part in self._parts:
            part.started(self.vm)
        self._hello["rtc_us"] = self.rtc.now_us()

    def _stop(self, *, power_lost: bool) -> None:
        if self._restart:
            self._restart.cancel()
            self._restart = None
        if self.vm:
            self.vm.kill()
            self.vm = None
            for part in self._parts:
                part.stopped(power_lost)

    def _plan_restart(self, cause: Cause, *, raw: bool) -> None:
        def restart() -> None:
            self.resets.append(cause)
            self._start(cause, raw=raw)

        self._restart = self.loop.call_soon(restart)

    def _perform(self, name: str, args: tuple[Any, ...]) -> Any:
        return self._calls[name](*args)

    def _hello_facts(self) -> dict[str, Any]:
        return self._hello

    def _reset(self, cause: int, raw: bool = False) -> None:
        self._stop(power_lost=False)
        self._plan_restart(Cause(cause), raw=raw)

    def _power_failed(self) -> None:
        self._stop(power_lost=True)

    def _ended(self, why: Exception) -> None:
        """The program died or computes for ever: a watchdog resets, else the board stays dead."""
        armed_us = self.watchdog.timeout_us
        self._stop(power_lost=False)
        if armed_us is None:
            self.crashes.append(str(why))
            return
        self._restart = self.loop.call_later(armed_us / 1e6, self._reset, Cause.WATCHDOG)

    def _battery_uv(self) -> int:
        return round(self.battery_mv * 1000 * self.spec.battery.divider)
