"""Feeds the watchdog, as long as every service advances."""

import asyncio

from button.services.service import TICK_MS

WATCHDOG_MS = 10000
"""A service that misses one tick is forgiven."""
HEALTHY_AFTER_MS = 60000
"""A program that has run this long did not crash at its start."""


class Supervisor:
    """Wakes every service each tick and looks whether it moved since the last.

    Args:
        system: the chip.
        services: all of them.
        alarm: while it sounds, only `vital` services must move: nothing else may silence a siren.
        vital: those without which no siren sounds or stops.
    """

    def __init__(self, system, services, alarm, vital):
        self._system = system
        self._services = services
        self._alarm = alarm
        self._vital = vital
        self._beats = [-1] * len(services)

    async def run(self):
        """The task."""
        healthy = False
        while True:
            if self._all_moved():
                self._system.feed()
            for service in self._services:
                service.wake()
            now_ms = self._system.clock.now_ms()  # or its ticks would wrap unseen
            if not healthy and now_ms >= HEALTHY_AFTER_MS:
                healthy = True
                self._system.healthy()
            await asyncio.sleep_ms(TICK_MS)

    def _all_moved(self):
        moved = True
        for i, service in enumerate(self._services):
            if service.beats == self._beats[i]:
                self._system.log("supervisor: %s stands still" % type(service).__name__)
                if service in self._vital or not self._alarm.sounding:
                    moved = False
            self._beats[i] = service.beats
        return moved
