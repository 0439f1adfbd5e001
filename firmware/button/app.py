"""The button's composition root: the board's configuration, then drivers, then services."""

import asyncio
import sys

import board_config as config

from button.core import wire
from button.core.clicks import DOWN, RELEASED, STUCK, Timing
from button.core.framing import PlainFraming
from button.core.gestures import DEFAULT_ACTIONS, LONG, NAMES, RECORD, SIREN
from button.core.patterns import FAULT, find_me_tones, self_test_tones
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

_SILENCE_AFTER_MS = 3000
"""A hold that began sooner after the siren did is not meant to silence it."""


class App:
    """Everything, wired."""

    def __init__(self, system):
        # The key first: a press while the rest starts must leave its edges in the ring.
        key = Key(config.KEY_PIN, config.KEY_ACTIVE_LOW, config.KEY_PULL)
        system.hold(config.STARTUP_PINS)  # before the radio: it may need them
        self._system = system
        self._siren = Siren(config.SIREN_PIN)
        indicator = Indicator(config.INDICATOR_PIN, config.INDICATOR_ACTIVE_LOW)
        system.watchdog(WATCHDOG_MS)
        clock, log = system.clock, system.log
        self._gestures = Gestures(key, clock, Timing(**config.TIMING), self._on_key)
        self._alarm = Alarm(self._siren, config.SIREN_RESONANCE_HZ, clock, log, self._on_change)
        self._link = Link(
            Peripheral(wire.SERVICE_UUID, wire.UP_UUID, wire.DOWN_UUID),
            PlainFraming(),
            clock,
            log,
            self._gestures.blind,
        )
        # The radio before everything else that takes memory: it needs large pieces.
        self._link.start_radio()
        self._battery = Battery(config.BATTERY_PIN, config.BATTERY_DIVIDER)
        store = Store("vigie", clock, self._gestures.blind)
        self._feedback = Feedback(indicator, clock, log)
        self._alerts = Alerts(
            store, system, self._battery, self._link, self._feedback, self._on_change
        )
        sound = self._sound = self._make_sound(store)
        self._link.tell_state(self._state)
        self._link.on(wire.Hello, self._on_hello)
        self._link.on(wire.Ack, lambda m: self._alerts.acknowledged(m.event_id))
        self._link.on(wire.Feedback, self._on_feedback_message)
        self._link.on(wire.Siren, self._on_siren_message)
        self._link.on(wire.Chirp, self._on_chirp_message)
        if sound:
            self._link.on(wire.Record, lambda m: self._record(sound, m.on))
            self._link.on(wire.AudioAck, lambda m: sound.acknowledged(m.recording, m.next_index))
        # A key that is closed after a restart of our own may be a press that nobody answered.
        cut_short = system.restarted and key.pressed_at_start and not system.rtc.key_stuck
        self._is_press = system.woken_by_key or cut_short

    def _make_sound(self, store):
        facts = config.MICROPHONE
        if not facts:
            return None
        # Here, for a board without a microphone does without their 20 KiB of heap.
        from button.drivers.microphone import Microphone
        from button.services.sound import Sound

        system = self._system
        microphone = Microphone(facts["sck"], facts["ws"], facts["sd"], facts["rate_hz"])
        return Sound(
            microphone,
            facts["shift"],
            facts["preroll_s"],
            facts["quota_bytes"],
            store,
            self._link,
            self._alerts,
            system.clock,
            system.log,
            self._on_recording,
        )

    async def run(self):
        """Start every service; never returns."""
        asyncio.get_event_loop().set_exception_handler(_task_died)
        self._alerts.load()
        self._gestures.begin(self._is_press)
        services = [self._gestures, self._alarm, self._alerts, self._link, self._feedback]
        if self._sound:
            self._guarded(self._sound.load)
            services += self._sound.services
        for service in services:
            asyncio.create_task(service.run(self._failed))
        self._system.log(
            "ready after reset %d, %d bytes free"
            % (self._system.reset_cause, self._system.free_heap())
        )
        vital = (self._gestures, self._alarm)
        await Supervisor(self._system, services, self._alarm, vital).run()

    def silence(self):
        """The program ends: leave nothing that makes a noise."""
        self._siren.off()

    def _failed(self, error):
        """A service failed, or a part of the chip: the rest goes on."""
        self._system.log("error: %r" % error)
        sys.print_exception(error)

    def _guarded(self, work, *args):
        """Do this, whatever becomes of it."""
        try:
            work(*args)
        except Exception as e:
            self._failed(e)
            self._feedback.fault(FAULT)

    def _on_key(self, event, t_us, seen):
        if event == DOWN:
            self._guarded(self._alerts.press_began, t_us)
            self._link.hurry()
        elif event in (STUCK, RELEASED):
            self._system.rtc.key_stuck = event == STUCK
            self._system.rtc.keep()
            self._system.log("key stuck" if event == STUCK else "key works again")
            if event == STUCK:
                self._feedback.fault(FAULT)
            self._on_change()
        else:
            self._on_gesture(event, t_us, seen)

    def _on_gesture(self, kind, t_us, seen):
        self._system.log("gesture %s at %d.%03d ms" % (NAMES[kind], t_us // 1000, t_us % 1000))
        alarm = self._alarm
        if kind == LONG and alarm.sounding:
            if self._alerts.first_edge_ms - alarm.since_ms >= _SILENCE_AFTER_MS:
                alarm.stop("key")
                return
        level = self._alerts.level(kind, t_us) if seen else kind
        if DEFAULT_ACTIONS[level] & SIREN:
            self._guarded(alarm.start)  # before flash and radio, which may take their time
        event_id = self._alerts.take_id()
        self._guarded(self._alerts.gesture, event_id, kind, level, t_us)
        if DEFAULT_ACTIONS[level] & RECORD and self._sound:
            self._guarded(self._sound.start, event_id)

    def _on_feedback_message(self, message):
        # Whoever can say what became of an alert holds it.
        self._alerts.acknowledged(message.event_id, tell=False)
        self._feedback.tell(message.state, message.event_id)

    def _on_siren_message(self, message):
        if message.on:
            self._alarm.start()
        else:
            self._alarm.stop("phone")

    def _on_hello(self, message):
        self._alerts.wake()
        if self._sound:
            self._sound.hurry()

    def _on_chirp_message(self, message):
        tones = find_me_tones if message.kind == wire.Chirp.FIND_ME else self_test_tones
        self._alarm.chirp(tones(config.SIREN_RESONANCE_HZ))

    def _record(self, sound, on):
        if on:
            sound.start(self._alerts.take_id())
        else:
            sound.stop()

    def _on_recording(self, failed):
        if failed:
            self._feedback.fault(FAULT)
        self._on_change()

    def _on_change(self):
        self._link.state_changed()

    def _state(self):
        flags = 0
        if self._alarm.sounding:
            flags |= wire.SIREN_ON
        if self._system.rtc.key_stuck:
            flags |= wire.KEY_STUCK
        if self._alerts.store_failed:
            flags |= wire.STORE_FAILED
        if self._alerts.dropped:
            flags |= wire.ALERTS_DROPPED
        if self._system.restarted:
            flags |= wire.RESTARTED
        if self._sound:
            flags |= self._sound.flags
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


def _task_died(loop, context):
    """A task must not die unseen: its error ends the program."""
    raise context["exception"]


def main():
    """Run the button for ever.

    It ends by Ctrl-C, or by an error that no service can be blamed for: then it starts again.
    """
    system = System()
    app = None
    try:
        app = App(system)
        asyncio.run(app.run())
    except KeyboardInterrupt:
        if app:
            app.silence()
        system.release_watchdog()
        raise
    except Exception as e:
        if app:
            app.silence()
        system.crashed(e)
