"""`bluetooth`: the peripheral half of BLE on ESP32, with its habits.

The attribute values live here, and the host carries the packets: a write of the phone is applied
and its handler has run before the host goes on, as on the chip, where the stack calls the handler.
"""

import bus
from console import print_exception, write
from gatt import NO_VALUE, UUID, Value
from micropython import const
from ops import BLE as _EVENT
from ops import BLE_ACTIVE, BLE_ANSWER, BLE_INDICATE, BLE_NOTIFY, BLE_UPDATE
from unmodelled import integer, refuse

FLAG_READ, FLAG_WRITE_NO_RESPONSE, FLAG_WRITE, FLAG_NOTIFY, FLAG_INDICATE = 2, 4, 8, 16, 32
_WRITE = const(3)
_READ_REQUEST = const(4)
_GET_SECRET = const(29)
_SET_SECRET = const(30)
_ENODEV = const(19)
_EINVAL = const(22)
_ATTRIBUTE_NOT_FOUND = const(10)
_CONFIG_BOOL = ("bond", "mitm", "le_secure")
_CONFIG_INT = ("mtu", "io", "addr_mode")
_CONFIG_GET = ("mac", "gap_name", "mtu")
_BYTES_FOLLOW, _PLAIN = 16, 32  # shapes of an event's data, beside the number of its integers
_ble = None


def _on_event():
    w, i = bus.answer, bus.WORDS
    ticket, event, shape = w[i], w[i + 1], w[i + 2]
    if event == _WRITE:
        _on_write(ticket, w[i + 3], w[i + 4])
        return
    if shape & _PLAIN:
        data = [bytearray(d) if isinstance(d, bytes) else d for d in eval(bus.body)]
    else:
        data = [w[i + 3 + k] for k in range(shape & 15)]
        if shape & _BYTES_FOLLOW:
            data.append(bus.body)
    lent = tuple([memoryview(d) if isinstance(d, bytearray) else d for d in data])
    result = _handle(event, lent)
    for d in data:  # the stack's buffers are used again once the handler returns
        if isinstance(d, bytearray):
            d[:] = bytes(len(d))
    if ticket:
        _answer(ticket, event, result, data)


def _on_write(ticket, connection, handle):
    """By far the most frequent: as little garbage as on the chip."""
    if handle in _ble._values:
        _ble._values[handle].written(bus.body)
    _handle(_WRITE, (connection, handle))
    if ticket:
        bus.order(BLE_ANSWER, ticket)


def _handle(event, data):
    if _ble._handler:
        try:
            return _ble._handler(event, data)
        except Exception as e:  # the chip does this too: no event reaches Python any more
            print_exception(e)
            _ble._handler = None
    return None


def _answer(ticket, event, result, data):
    """Tell the stack what it waits for. Of most events it takes no answer, whatever it may be."""
    number, value = 0, None
    if event == _READ_REQUEST:
        number = int(result) if isinstance(result, (int, bool)) else 0
        if data[1] not in _ble._values:
            number = number or _ATTRIBUTE_NOT_FOUND
        value = _ble._values.get(data[1], NO_VALUE).data
    elif event == _GET_SECRET and result is not None:
        if not isinstance(result, (bytes, bytearray, memoryview, str)):
            write("NLR jump failed\n")  # the chip's stack cannot take an exception here
            bus.call("reset", 2)
        value = result.encode() if isinstance(result, str) else bytes(result)
    elif event == _SET_SECRET:
        number = 1 if result else 0
    bus.order(BLE_ANSWER, ticket, number, 0 if value is None else 1, value or b"")


def _on_active():
    number = bus.answer[bus.WORDS]
    if number > _ble._switched:  # one that was given up may end after the next
        _ble._switched = number
        _ble._error = bus.answer[bus.WORDS + 1]


bus.handlers[_EVENT] = _on_event
bus.handlers[BLE_ACTIVE] = _on_active


def _uuid(u):
    if not isinstance(u, UUID):
        raise ValueError("invalid service UUID")
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
            _ble._switched = 0  # the number of the last switching that has ended
            _ble._error = 0  # how it ended
        return _ble

    def __getattr__(self, name):
        refuse(
            "BLE",
            name,
            "gap_connect gap_scan gattc_discover_characteristics gattc_discover_descriptors "
            "gattc_discover_services gattc_exchange_mtu gattc_read gattc_write",
        )

    def _check_on(self):
        bus.spend(1)
        if not self._on:
            raise OSError(_ENODEV)

    def irq(self, handler):
        if handler is not None and not callable(handler):
            raise ValueError("invalid handler")
        self._handler = handler

    def active(self, *on):
        """Switch the stack on, afresh if it is on already, or off; and whether it is on."""
        if on:
            if bus.in_handler():
                raise NotImplementedError("virtual BLE.active: not in a handler")
            self._on = False
            self._values.clear()
            number = bus.call("ble.active", bool(on[0]))
            while self._switched < number:  # it may have ended already
                bus.wait(bus.FOREVER)
            if self._error:
                raise OSError(self._error)
            self._on = bool(on[0])
        return self._on

    def config(self, *get, **put):
        if not put:
            if len(get) != 1:
                raise TypeError("must query one param")
            if get[0] not in _CONFIG_GET:
                raise ValueError("unknown config param")
            if get[0] != "gap_name":
                self._check_on()
            return bus.call("ble.config", get[0], {})
        if get:
            raise TypeError("can't specify pos and kw args")
        bus.call("ble.config", None, {name: self._checked(name, v) for name, v in put.items()})

    def _checked(self, name, value):
        if name in _CONFIG_BOOL:
            return bool(value)
        if name == "gap_name":
            value = value.encode() if isinstance(value, str) else bytes(value)
            if len(value) > 31:
                raise OSError(_EINVAL)
            return value
        if name not in _CONFIG_INT:
            raise ValueError("unknown config param")
        value = integer(value)
        if name != "io":
            self._check_on()
        elif not 0 <= value <= 4:
            raise NotImplementedError("the virtual board does not model io=%d" % value)
        return value

    def gap_advertise(self, interval_us=500000, adv_data=None, *, resp_data=None,
                      connectable=True):  # fmt: skip
        if interval_us is not None:
            interval_us = integer(interval_us)
        adv_data = None if adv_data is None else bytes(adv_data)
        resp_data = None if resp_data is None else bytes(resp_data)
        self._check_on()
        for data in (adv_data, resp_data):
            if data is not None and len(data) > 31:
                raise OSError(_EINVAL)
        bus.call("ble.advertise", interval_us, adv_data, resp_data, bool(connectable))

    def gap_disconnect(self, conn):
        self._check_on()
        return bus.call("ble.disconnect", integer(conn))

    def gap_pair(self, conn):
        self._check_on()
        bus.call("ble.pair", integer(conn))

    def gap_passkey(self, conn, action, passkey):
        self._check_on()
        bus.call("ble.passkey", integer(conn), integer(action), integer(passkey))

    def gatts_register_services(self, services):
        self._check_on()
        handles = bus.call("ble.register", _plain(services))
        self._values.clear()
        for service in handles:
            for handle in service:
                self._values[handle] = Value()
        return handles

    def _value(self, handle):
        self._check_on()
        if integer(handle) not in self._values:
            raise OSError(_EINVAL)
        return self._values[handle]

    def gatts_read(self, handle):
        value = self._values.get(integer(handle), NO_VALUE)
        data = value.data
        if value.append:
            value.data = b""
        return data

    def gatts_write(self, handle, data, send_update=False):
        value = self._value(handle)
        value.data = bytes(data)
        value.size = max(value.size, len(value.data))
        if send_update:
            bus.order(BLE_UPDATE, handle, 0, 0, value.data)
        return len(value.data)

    def gatts_set_buffer(self, handle, size, append=False):
        value = self._value(handle)
        value.size = integer(size)
        value.append = bool(append)
        value.data = b""

    def gatts_notify(self, conn, handle, data=None):
        self._send(BLE_NOTIFY, conn, handle, data)

    def gatts_indicate(self, conn, handle, data=None):
        self._send(BLE_INDICATE, conn, handle, data)

    def _send(self, op, conn, handle, data):
        value = self._value(handle)
        bus.order(op, integer(conn), handle, 0, value.data if data is None else data)
