"""What every service is: a task that works when woken, and shows that it is alive."""

import asyncio

TICK_MS = 4000
"""How often the supervisor wakes every service."""
AGAIN_AFTER_MS = 1000
"""How long after an error a service tries again."""


class Service:
    """One endless task around `step`.

    `step` does what is due and says in how many milliseconds it wants to run again by itself, or
    None. `wake` makes it run now. `beats` counts the steps: the supervisor wakes every service and
    feeds the watchdog only if each count moved. A step that fails is no beat, and stops no other
    service.
    """

    def __init__(self, flag=None):
        """Args: flag: a ThreadSafeFlag, for a service that interrupts wake."""
        self.beats = 0
        self._flag = flag or asyncio.Event()

    def wake(self):
        """Run `step` soon."""
        self._flag.set()

    def step(self):
        """Do what is due; milliseconds until more is due, or None."""
        raise NotImplementedError

    async def run(self, failed):
        """The task. `failed(error)` is told of every error in a step."""
        while True:
            try:
                wait_ms = self.step()
                self.beats += 1
            except Exception as e:
                failed(e)
                await asyncio.sleep_ms(AGAIN_AFTER_MS)
                continue
            if wait_ms is None or wait_ms > TICK_MS:
                await self._flag.wait()  # at the latest the supervisor wakes us
            else:
                try:
                    await asyncio.wait_for_ms(self._flag.wait(), wait_ms)
                except asyncio.TimeoutError:
                    pass
            self._flag.clear()
