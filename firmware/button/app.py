"""The button's composition root: the board's configuration, then drivers, then services."""

import asyncio
import sys

import board_config as config

from button.core import wire
from button.core.clicks import DOWN, RELEASED, STUCK, Timing
from button.core.framing import PlainFraming
from button.core.gestures import DEFAULT_ACTIONS, LONG, NAMES, SIREN
from button.core.patterns import FAULT
from button.drivers.battery import Battery
from button.drivers.indicator import Indicator
from button.drivers.key import Key
from button.drivers.peripheral import Peripheral
from button.drivers.siren import Siren
from button.drivers.store import Store
from button.drivers.system import System
from button.services.alarm import Alarm
from button.services.alerts import Alerts
from button.services.feedback import Feedback
from button.services.gestures import Gestures
from button.services.link import Link
from button.services.supervisor import WATCHDOG_MS, Supervisor

_CONSOLE_WATCHDOG_MS = 86400000
_CRASH_FILE = "crash.txt"


class App:
    """Everything, wired."""

    def __init__(self):
        # The key first: a press while the rest starts must leave its edges in the ring.
        key = Key(config.KEY_PIN, config.KEY_ACTIVE_LOW, config.KEY_PULL)
        system = System()
        siren = Siren(config.SIREN_PIN)
        indicator = Indicator(config.INDICATOR_PIN, config.INDICATOR_ACTIVE_LOW)
        system.watchdog(WATCHDOG_MS)
        # The radio before everything else that takes memory: it needs large pieces.
        peripheral = Peripheral(wire.SERVICE_UUID, wire.UP_UUID, wire.DOWN_UUID)
        timing = Timing(**config.TIMING)

        self._system = system
        self._key_stuck = False
        self._battery = Battery(config.BATTERY_PIN, config.BATTERY_DIVIDER)
        self._gestures = Gestures(key, system.clock, timing, self._on_key)
        store = Store("vigie", self._gestures.blind)
        self._feedback = Feedback(indicator, system.clock, system.log)
        self._alarm = Alarm(siren, system.clock, system.log, self._on_change)
        self._link = Link(peripheral, PlainFraming(), system.clock, system.log)
        self._alerts = Alerts(
            store, system, self._battery, self._link, self._feedback, self._on_change
        )
        self._link.tell_state(self._state)
        self._link.on(wire.Hello, lambda m: self._alerts.wake())
        self._link.on(wire.Ack, lambda m: self._alerts.acknowledged(m.event_id))
        self._link.on(wire.Feedback, self._on_feedback_message)
        self._link.on(wire.Siren, self._on_siren_message)

    async def run(self):
        """Start every service; never returns."""
        asyncio.get_event_loop().set_exception_handler(_task_died)
        self._alerts.load()
        self._gestures.begin(self._system.woken_by_key)
        services = [self._gestures, self._alarm, self._alerts, self._link, self._feedback]
        for service in services:
            asyncio.create_task(service.run())
        self._system.log(
            "ready after reset %d, %d bytes free"
            % (self._system.reset_cause, self._system.free_heap())
        )
        await Supervisor(self._system, services).run()

    def _on_key(self, event, t_us):
        if event == DOWN:
            self._link.hurry()
            self._alerts.press_began(t_us)
        elif event == STUCK:
            self._key_stuck = True
            self._system.log("key stuck")
            self._feedback.tell(FAULT)
            self._on_change()
        elif event == RELEASED:
            self._key_stuck = False
            self._system.log("key works again")
            self._on_change()
        else:
            self._on_gesture(event, t_us)

    def _on_gesture(self, kind, t_us):
        self._system.log("gesture %s at %d.%03d ms" % (NAMES[kind], t_us // 1000, t_us % 1000))
        if kind == LONG and self._alarm.sounding:
            self._alarm.stop("key")
            return
        level = self._alerts.level(kind, t_us)
        if DEFAULT_ACTIONS[level] & SIREN:
            self._alarm.start()  # before flash and radio, which may fail or take their time
        self._alerts.gesture(kind, level, t_us)

    def _on_feedback_message(self, message):
        # Whoever can say what became of an alert holds it.
        self._alerts.acknowledged(message.event_id, tell=False)
        self._feedback.tell(message.state, message.event_id)

    def _on_siren_message(self, message):
        if message.on:
            self._alarm.start()
        else:
            self._alarm.stop("phone")

    def _on_change(self):
        self._link.state_changed()

    def _state(self):
        flags = 0
        if self._alarm.sounding:
            flags |= wire.SIREN_ON
        if self._key_stuck:
            flags |= wire.KEY_STUCK
        if self._alerts.store_failed:
            flags |= wire.STORE_FAILED
        if self._alerts.dropped:
            flags |= wire.ALERTS_DROPPED
        return wire.State(
            wire.PROTOCOL,
            self._alerts.boot_id,
            self._system.clock.now_ms() // 1000,
            self._battery.read_mv(),
            flags,
            self._alerts.pending,
            self._system.reset_cause,
            self._system.free_heap(),
        )

    def release_watchdog(self):
        """Somebody works at the console: let them."""
        self._system.watchdog(_CONSOLE_WATCHDOG_MS)


def _task_died(loop, context):
    """A service must not die unseen: its error ends the program."""
    raise context["exception"]


def main():
    """Run the button for ever.

    It ends by Ctrl-C, or by an error, which the watchdog turns into a reset.
    """
    app = App()
    try:
        asyncio.run(app.run())
    except KeyboardInterrupt:
        app.release_watchdog()
        raise
    except Exception as e:
        try:
            with open(_CRASH_FILE, "w") as f:
                sys.print_exception(e, f)
        except OSError:
            pass  # the console shows it all the same
        raise
