"""A board made of software: power, resets, and the chip's parts around one VM after another."""

import asyncio
import random
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any

from vigie.boards import budget
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.virtual.acoustics.room import Room
from vigie.virtual.bus import Hang, Question
from vigie.virtual.chip.console import Console
from vigie.virtual.chip.flash import Flash, check_image, make_blank
from vigie.virtual.chip.gpio import Gpio
from vigie.virtual.chip.i2s import I2s
from vigie.virtual.chip.nvs import Nvs
from vigie.virtual.chip.part import Ending, Part
from vigie.virtual.chip.timing import RealTimeClock, Timers, Watchdog
from vigie.virtual.clock import WorldLoop
from vigie.virtual.performing import Chip
from vigie.virtual.vm import Vm

CHIPS = ("esp32",)
"""Those whose pins, peripherals and habits are modelled."""

FLASH_BYTES = 2 * 1024 * 1024
"""Size of the file system on a plain ESP32 with 4 MiB of flash."""
SHIMS_HEAP_BYTES = 89 * 1024
"""What the shims take of the VM's heap: gc.mem_alloc() of a blank board."""
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
        failed: told of mistakes of this virtual board, which are no program's.
        seed: of all its randomness.
        radio: its radio part, if it has one.
        leases: whether the VM is lent time; without them it asks at every step.
        skip_stalls: in paced mode, let no wall time pass during flash erases.

    Raises:
        VigieError: its chip is not modelled, or what is in `home` cannot be used.
    """

    def __init__(
        self,
        spec: BoardSpec,
        home: Path,
        loop: WorldLoop,
        failed: Callable[[str, BaseException], None],
        *,
        seed: int = 0,
        radio: Part | None = None,
        leases: bool = True,
        skip_stalls: bool = False,
    ):
        check_modelled(spec)
        self.spec = spec
        self.loop = loop
        self.home = home
        self._rng = random.Random(f"board {seed}")
        self.unique_id = b"\xc4\xf2\x17" + self._rng.randbytes(3)
        self._leases = leases
        self._skip_stalls = skip_stalls
        self.gpio = Gpio(loop)
        self.flash = Flash(_image(home))
        self.nvs = Nvs(home / "nvs.json")
        self.flash.power_failed = self.nvs.power_failed = self.power_off
        self.console = Console(loop)
        self.watchdog = Watchdog()
        self.rtc = RealTimeClock(loop)
        self.room = Room()
        sound = home / f"{self.flash.image.name}.sound"
        self.i2s = I2s(loop, spec.microphone, self.room, sound, f"microphone {seed}")
        self.flash.on_stall = self.i2s.mask
        self._parts: list[Part] = [self.gpio, self.flash, self.nvs, self.console, Timers(loop)]
        self._parts += [self.watchdog, self.rtc, self.i2s]
        if radio:
            self._parts.append(radio)
        self._chip = Chip(
            order=self._order,
            call=self._call,
            said=self.console.print,
            ended=self._ended,
            bitten=self._bitten,
            failed=failed,
        )
        self._orders: dict[int, Callable[[Question], Any]] = {}
        self._calls: dict[str, Callable[..., Any]] = {
            "hello": self._greet,
            "reset": self._reset,
            "urandom": self._rng.randbytes,
        }
        for part in self._parts:
            self._orders.update({int(op): do for op, do in part.orders().items()})
            self._calls.update(part.calls())
        self.battery_mv = 3900
        self.gpio.drive(spec.key.pin, 1 if spec.key.active_low else 0)
        self.vm: Vm | None = None
        self.resets: list[Cause] = []
        self.crashes: list[str] = []
        self.on_crash: list[Callable[[str], object]] = [self.crashes.append]
        self.ticks_origin_us = 0
        self._clock_origin_s: float | None = None
        self._hello: dict[str, Any] = {}
        self._restart: asyncio.Handle | None = None

    @property
    def on(self) -> bool:
        """Whether a program runs."""
        return self.vm is not None and not self.vm.dead

    @property
    def battery_mv(self) -> int:
        """The voltage of the cell."""
        return self._battery_mv

    @battery_mv.setter
    def battery_mv(self, millivolts: int) -> None:
        self._battery_mv = millivolts
        battery = self.spec.battery
        self.gpio.feed(battery.pin, round(millivolts * 1000 * battery.divider))

    def power_on(self, cause: Cause = Cause.POWER_ON, *, wake_reason: int = 0) -> None:
        """Give the chip power. Raises VigieError if another board runs on its flash."""
        self._start(cause, raw=False, wake_reason=wake_reason)

    def power_off(self) -> None:
        """Take the power away, at once and without warning."""
        self._stop(Ending.POWER_LOST)

    def machine_reset(self) -> None:
        """Reset the processor, as machine.reset() does: the real-time clock runs on."""
        self._reset(Cause.HARD)

    def reset(self) -> None:
        """Press the reset button (EN): not a loss of power for the flash, but for all the rest."""
        self._stop(Ending.POWER_LOST)
        self._plan_restart(Cause.POWER_ON, raw=False)

    def _start(self, cause: Cause, *, raw: bool, wake_reason: int = 0) -> None:
        if self.vm:
            return
        self.flash.take()
        if cause is not Cause.SOFT:
            self._clock_origin_s = None
        self.vm = Vm(
            self.loop,
            self.flash.image,
            _heap_bytes(self.spec),
            self._chip,
            origin_s=self._clock_origin_s,
            leases=self._leases,
            skip_stalls=self._skip_stalls,
        )
        self._clock_origin_s = self.vm.clock.origin_s
        self._hello = {
            "cause": int(cause),
            "wake_reason": wake_reason,
            "raw": raw,
            "paced": self.loop.paced,
            "seed": self._rng.randrange(1 << 30),
            "unique_id": self.unique_id,
            "ticks_us": self.ticks_origin_us,
            "boot_us": 0 if cause is Cause.SOFT else BOOT_US,
            "watchdog_at_us": self.watchdog.deadline_us,
        }
        for part in self._parts:
            part.started(self.vm)

    def _stop(self, ending: Ending) -> None:
        if self._restart:
            self._restart.cancel()
            self._restart = None
        if self.vm:
            self.vm.kill()
            self.vm = None
            for part in self._parts:
                part.stopped(ending)

    def _plan_restart(self, cause: Cause, *, raw: bool) -> None:
        def restart() -> None:
            self.resets.append(cause)
            self._start(cause, raw=raw)

        self._restart = self.loop.call_soon(restart)

    def _order(self, question: Question) -> Any:
        return self._orders[question.op](question)

    def _call(self, name: str, args: tuple[Any, ...]) -> Any:
        return self._calls[name](*args)

    def _greet(self, can_be_called: bool) -> dict[str, Any]:
        assert self.vm
        self.vm.prepared(can_be_called)
        return {**self._hello, "rtc_us": self.rtc.now_us()}

    def _reset(self, cause: int, raw: bool = False) -> None:
        self._stop(Ending.SOFT if cause == Cause.SOFT else Ending.RESET)
        self._plan_restart(Cause(cause), raw=raw)

    def _bitten(self) -> None:
        self._reset(Cause.WATCHDOG)

    def _ended(self, why: Exception) -> None:
        """The VM died, or its program hangs.

        A hung program is a hung chip: pins and radio stay as they are until the watchdog bites.
        """
        vm = self.vm
        armed = self.watchdog.timeout_us is not None
        if isinstance(why, Hang) and armed and vm:
            left_us = max(0, vm.clock.watchdog_us - vm.clock.now_us)
            self._restart = self.loop.call_later(left_us / 1e6, self._bitten)
            return
        self._stop(Ending.RESET)
        last = self.console.lines[-1].text if self.console.lines else ""
        for tell in self.on_crash:
            tell(f"{why}; its console ended with: {last}" if last else str(why))


def check_modelled(spec: BoardSpec) -> None:
    """Raise VigieError unless this board's chip is modelled."""
    if spec.chip not in CHIPS:
        raise VigieError(
            f"Board '{spec.name}' has a chip of kind {spec.chip}, which no virtual board models.",
            f"The virtual board models: {', '.join(CHIPS)}.",
        )


def _image(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    image = home / "flash.img"
    if not image.exists():
        make_blank(image, FLASH_BYTES)
    check_image(image)
    return image


def _heap_bytes(spec: BoardSpec) -> int:
    """The VM's heap, so that half of what is free in it is free on a chip with the image.

    Words of the VM have twice the chip's size, but bytes do not: neither the bytecode, which lies
    in the image on the chip and in the heap here, nor the buffers for sound.
    """
    sound_kib = budget.sound_kib(spec.microphone) if spec.microphone else 0
    heap_kib = 2 * spec.heap_kib + budget.BYTECODE_KIB - sound_kib
    return int(heap_kib * budget.KIB) + SHIMS_HEAP_BYTES
