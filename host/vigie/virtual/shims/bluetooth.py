"""`bluetooth`: the peripheral half of BLE on ESP32, with its habits.

The attribute values live here, and the host carries the packets: a write of the phone is applied
and its handler has run before the host goes on, as on the chip, where the stack calls the handler.
"""

import sys

import bus
from micropython import const
from unmodelled import refuse

FLAG_READ, FLAG_WRITE_NO_RESPONSE, FLAG_WRITE, FLAG_NOTIFY, FLAG_INDICATE = 2, 4, 8, 16, 32
_NAMES = "FLAG_AUX_WRITE FLAG_AUTHENTICATED_SIGNED_WRITE FLAG_BROADCAST"
_WRITE = const(3)
_READ_REQUEST = const(4)
_ENODEV = const(19)
_EINVAL = const(22)
_DEFAULT_BUFFER = const(20)
_CONFIG_SET = ("gap_name", "mtu", "bond", "mitm", "io", "le_secure", "addr_mode")
_CONFIG_GET = ("mac", "gap_name", "mtu", "addr_mode")
_ble = None


def __getattr__(name):
    refuse("bluetooth", name, _NAMES)


class UUID:
    def __init__(self, value):
        if isinstance(value, int):
            self._bytes = bytes([value & 255, value >> 8])
        elif isinstance(value, str):
            b = bytes.fromhex(value.replace("-", ""))
            self._bytes = bytes([b[i] for i in range(len(b) - 1, -1, -1)])
        else:
            self._bytes = bytes(value)
        if len(self._bytes) not in (2, 4, 16):
            raise ValueError("invalid UUID")

    def __iter__(self):  # stands for the buffer protocol
        return iter(self._bytes)

    def __len__(self):
        return len(self._bytes)

    def __eq__(self, other):
        return isinstance(other, UUID) and self._bytes == other._bytes

    def __hash__(self):
        return hash(self._bytes)

    def __repr__(self):
        b = self._bytes
        return "UUID(0x%s)" % "".join(["%02x" % b[i] for i in range(len(b) - 1, -1, -1)])


class _Value:
    """The buffer of one attribute."""

    def __init__(self):
        self.data = b""
        self.size = _DEFAULT_BUFFER
        self.append = False

    def written(self, data):
        """The phone writes: what does not fit is cut, silently."""
        if self.append:
            self.data = self.data + data[: self.size - len(self.data)]
        else:
            self.data = data[: self.size]


def _on_event(ticket, event, data):
    result = None
    if event == _WRITE:
        conn, handle, written = data
        if handle in _ble._values:
            _ble._values[handle].written(written)
        data = (conn, handle)
    borrowed = [bytearray(d) if isinstance(d, bytes) else None for d in data]
    if _ble._handler:
        try:
            result = _ble._handler(
                event,
                tuple([d if b is None else memoryview(b) for d, b in zip(data, borrowed)]),
            )
        except Exception as e:  # the chip does this too: no event reaches Python any more
            sys.print_exception(e)
            _ble._handler = None
    for b in borrowed:  # the stack's buffers are used again once the handler returns
        if b:
            b[:] = bytes(len(b))
    if ticket is not None:
        if event == _READ_REQUEST:
            result = (result or 0, _ble._values[data[1]].data)
        elif isinstance(result, (bytearray, memoryview)):
            result = bytes(result)
        bus.call("ble.answer", ticket, result)


def _on_active():
    _ble._switching = False


bus.handlers["ble"] = _on_event
bus.handlers["ble.active"] = _on_active


def _uuid(u):
    return u._bytes


def _plain(services):
    """Services as nested tuples; the host understands (uuid, flags, descriptors)."""
    return [
        (
            _uuid(service[0]),
            [
                (_uuid(c[0]), c[1], [(_uuid(d[0]), d[1]) for d in (c[2] if len(c) > 2 else ())])
                for c in service[1]
            ],
        )
        for service in services
    ]


class BLE:
    def __new__(cls):
        global _ble
        if _ble is None:
            _ble = object.__new__(cls)
            _ble._handler = None
            _ble._values = {}
            _ble._on = False
            _ble._switching = False
        return _ble

    def __getattr__(self, name):
        refuse(
            "BLE",
            name,
            "gap_connect gap_scan gattc_discover_characteristics gattc_discover_descriptors "
            "gattc_discover_services gattc_exchange_mtu gattc_read gattc_write hci_cmd "
            "l2cap_connect l2cap_disconnect l2cap_listen l2cap_recvinto l2cap_send",
        )

    def _call(self, name, *args):
        if not self._on:
            raise OSError(_ENODEV)
        return bus.call(name, *args)

    def irq(self, handler):
        self._handler = handler

    def active(self, on=None):
        if on is not None and bool(on) != self._on:
            self._switching = True
            bus.call("ble.active", bool(on))
            while self._switching:
                bus.wait(bus.FOREVER)
            self._on = bool(on)
            self._values.clear()
        return self._on

    def config(self, *get, **put):
        if get:
            if get[0] == "rxbuf" or get[0] not in _CONFIG_GET:
                raise ValueError("unknown config param")
            return self._call("ble.config", get[0], {})
        for name, value in put.items():
            if name not in _CONFIG_SET:
                raise ValueError("unknown config param")
            if name in ("mtu", "addr_mode") and not self._on:
                raise OSError(_ENODEV)
            if name == "gap_name" and len(value) > 31:
                raise OSError(_EINVAL)
        if put:
            plain = {k: v.encode() if isinstance(v, str) else v for k, v in put.items()}
            bus.call("ble.config", None, plain)

    def gap_advertise(self, interval_us, adv_data=None, *, resp_data=None, connectable=True):
        adv_data = None if adv_data is None else bytes(adv_data)
        resp_data = None if resp_data is None else bytes(resp_data)
        for data in (adv_data, resp_data):
            if data is not None and len(data) > 31:
                raise OSError(_EINVAL)
        self._call("ble.advertise", interval_us, adv_data, resp_data, bool(connectable))

    def gap_disconnect(self, conn):
        return self._call("ble.disconnect", conn)

    def gap_pair(self, conn):
        return self._call("ble.pair", conn)

    def gap_passkey(self, conn, action, passkey):
        return self._call("ble.passkey", conn, action, passkey)

    def gatts_register_services(self, services):
        handles = self._call("ble.register", _plain(services))
        self._values.clear()
        for service in handles:
            for handle in service:
                self._values[handle] = _Value()
        return handles

    def _value(self, handle):
        if not self._on:
            raise OSError(_ENODEV)
        if handle not in self._values:
            raise OSError(_EINVAL)
        return self._values[handle]

    def gatts_read(self, handle):
        value = self._value(handle)
        data = value.data
        if value.append:
            value.data = b""
        return data

    def gatts_write(self, handle, data, send_update=False):
        value = self._value(handle)
        value.data = bytes(data)
        value.size = max(value.size, len(value.data))
        if send_update:
            bus.call("ble.update", handle, value.data)

    def gatts_set_buffer(self, handle, size, append=False):
        value = self._value(handle)
        value.size = size
        value.append = append
        value.data = b""

    def gatts_notify(self, conn, handle, data=None):
        value = self._value(handle)
        self._call("ble.notify", conn, handle, value.data if data is None else bytes(data))

    def gatts_indicate(self, conn, handle, data=None):
        value = self._value(handle)
        self._call("ble.indicate", conn, handle, value.data if data is None else bytes(data))
