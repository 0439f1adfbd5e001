"""The chip itself: its clock, why it started, its watchdog, its random numbers, its console."""

import gc
import os
import sys
from time import sleep_ms, ticks_us

import machine
from micropython import const

from button.core.ticks import LongClock
from button.drivers.rtc import Rtc

_KEY_WAKES = (2, 3, 7)  # machine.wake_reason(): EXT0, EXT1, GPIO
_CONSOLE_WATCHDOG_MS = const(86400000)
_CRASH_FILE = "crash.txt"
_CRASHES_AT_ONCE = const(3)
_PAUSE_MS = const(5000)


def _ticks() -> int:
    return ticks_us()  # type: ignore  # the stubs forbid arithmetic on ticks; LongClock is for that


class Clock:
    """Microseconds and milliseconds since the program began, which do not wrap."""

    def __init__(self):
        self._clock = LongClock(_ticks())

    def now_us(self) -> int:
        """Microseconds since the program began."""
        return self._clock.now(_ticks())

    def now_ms(self) -> int:
        """Milliseconds since the program began."""
        return self.now_us() // 1000

    def at_us(self, ticks: int) -> int:
        """When a ticks_us() of the last minutes was."""
        self.now_us()
        return self._clock.at(ticks)


class System:
    """What the program needs to know about its chip."""

    def __init__(self):
        self.clock = Clock()
        self.rtc = Rtc()
        self.reset_cause = machine.reset_cause()
        self.woken_by_key = (
            self.reset_cause == machine.DEEPSLEEP_RESET and machine.wake_reason() in _KEY_WAKES
        )
        self.restarted = self.rtc.restarting or self.reset_cause == machine.WDT_RESET
        """The program was cut short: whoever pressed meanwhile has had no answer."""
        self.rtc.restarting = False
        self.rtc.keep()
        self._watchdog = None  # type: machine.WDT | None

    def hold(self, levels):
        """Drive each (pin, level) so, for ever: the board's own hardware needs it."""
        for pin, level in levels:
            machine.Pin(pin, machine.Pin.OUT, value=level)

    def random(self, n: int) -> bytes:
        """Random bytes; true ones once the radio is on."""
        return os.urandom(n)

    def watchdog(self, timeout_ms: int):
        """Arm the watchdog, or give it another time limit. It cannot be stopped."""
        self._watchdog = machine.WDT(timeout=timeout_ms)

    def feed(self):
        """Tell the watchdog that all is well."""
        if self._watchdog is not None:
            self._watchdog.feed()

    def release_watchdog(self):
        """Somebody works at the console: let them."""
        if self._watchdog is not None:
            self.watchdog(_CONSOLE_WATCHDOG_MS)

    def healthy(self):
        """The program runs well."""
        if self.rtc.crashes:
            self.rtc.crashes = 0
            self.rtc.keep()

    def crashed(self, error):
        """The program has ended by an error: keep it in a file, then start again at once.

        After some crashes in a row it pauses, so that Ctrl-C can reach the console.
        """
        sys.print_exception(error)
        if not self.rtc.crashes:  # one is enough to read, and flash wears
            try:
                with open(_CRASH_FILE, "w") as f:
                    sys.print_exception(error, f)
            except OSError:
                pass  # the console shows it all the same
        self.rtc.crashes += 1
        self.rtc.restarting = True
        self.rtc.keep()
        if self.rtc.crashes > _CRASHES_AT_ONCE:
            print("crashed %d times; Ctrl-C for the console" % self.rtc.crashes)
            sleep_ms(_PAUSE_MS)
        machine.reset()

    def free_heap(self) -> int:
        """Bytes free on the heap after a collection."""
        gc.collect()
        return gc.mem_free()

    def log(self, text: str):
        """A line on the console, with the time."""
        ms = self.clock.now_ms()
        print("[%d.%03d] %s" % (ms // 1000, ms % 1000, text))
