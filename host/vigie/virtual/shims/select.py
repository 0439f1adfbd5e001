"""`select` over Python streams: what has `ioctl(3, flags)` can be polled."""

import bus

_COST_US = 2
POLLIN, POLLOUT, POLLERR, POLLHUP = 1, 4, 8, 16


def _look(entries):
    """What is ready of these, or None. Of few words, and without memory while nothing is (bus)."""
    i = 0
    ready = None
    while i < len(entries):
        entry = entries[i]
        events = entry[0].ioctl(3, entry[1])
        if events > 0:
            ready = ready or []
            ready.append((entry[0], events))
        i += 1
    return ready


class _Poll:
    def __init__(self):
        self._entries = []  # a list: a dict's order would depend on addresses

    def register(self, obj, flags=POLLIN | POLLOUT):
        for e in self._entries:
            if e[0] is obj:
                e[1] = flags
                return
        self._entries.append([obj, flags])

    modify = register

    def unregister(self, obj):
        for i, e in enumerate(self._entries):
            if e[0] is obj:
                del self._entries[i]
                return

    def poll(self, ms=-1):
        return self.ipoll(ms) or []

    def ipoll(self, ms=-1, flags=0):
        until = bus.FOREVER if ms < 0 else bus.now + ms * 1000
        bus.spend(_COST_US)
        ready = _look(self._entries)
        while not ready and bus.now < until:
            bus.wait(until)
            ready = _look(self._entries)
        return ready or ()


def poll():
    return _Poll()


def select(*args):
    raise NotImplementedError("virtual select.select: use poll")
