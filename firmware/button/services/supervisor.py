"""Feeds the watchdog, as long as every service advances."""

import asyncio

from button.services.service import TICK_MS

WATCHDOG_MS = 10000
"""A service that misses one tick is forgiven."""


class Supervisor:
    """Wakes every service each tick and looks whether it moved since the last."""

    def __init__(self, system, services):
        self._system = system
        self._services = services
        self._beats = [-1] * len(services)

    async def run(self):
        """The task."""
        while True:
            if self._all_moved():
                self._system.feed()
            for service in self._services:
                service.wake()
            self._system.clock.now_us()  # or its ticks would wrap unseen
            await asyncio.sleep_ms(TICK_MS)

    def _all_moved(self):
        moved = True
        for i, service in enumerate(self._services):
            if service.beats == self._beats[i]:
                self._system.log("supervisor: %s stands still" % type(service).__name__)
                moved = False
            self._beats[i] = service.beats
        return moved
