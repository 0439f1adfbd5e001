"""`select` over Python streams: what has `ioctl(3, flags)` can be polled."""

import bus

_COST_US = 2
POLLIN, POLLOUT, POLLERR, POLLHUP = 1, 4, 8, 16


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
        until = bus.FOREVER if ms < 0 else bus.now + ms * 1000
        bus.spend(_COST_US)
        while True:
            ready = []
            for obj, flags in self._entries:
                r = obj.ioctl(3, flags)
                if r > 0:
                    ready.append((obj, r))
            if ready or bus.now >= until:
                return ready
            bus.wait(until)

    def ipoll(self, ms=-1, flags=0):
        return self.poll(ms)


def poll():
    return _Poll()


def select(*args):
    raise NotImplementedError("virtual select.select: use poll")
