"""The Bluetooth handler is another thread: it may run between any two bytecodes of the driver."""

import asyncio
import importlib
import sys
import types
from collections.abc import Generator
from typing import Any

import pytest

CONNECT, DISCONNECT, WRITE, MTU = 1, 2, 3, 21
NOT_CONNECTED = -128


class StandInBle:
    """What the driver calls, and what was called."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.error: OSError | None = None

    def irq(self, handler: Any) -> None:
        self.calls.append(("irq",))

    def active(self, on: bool) -> None:
        pass

    def config(self, **values: Any) -> None:
        pass

    def gatts_register_services(self, services: Any) -> tuple[tuple[int, int]]:
        return ((1, 2),)

    def gatts_set_buffer(self, handle: int, size: int) -> None:
        pass

    def gatts_read(self, handle: int) -> bytes:
        return b"frame"

    def gap_advertise(self, *values: Any) -> None:
        self.calls.append(("advertise", *values))

    def gap_disconnect(self, connection: int) -> None:
        self.calls.append(("disconnect", connection))

    def gatts_notify(self, connection: int, handle: int, data: bytes) -> None:
        if self.error:
            raise self.error
        self.calls.append(("notify", connection))


class Flag:
    """ThreadSafeFlag, which CPython lacks."""

    def set(self) -> None:
        pass


@pytest.fixture
def ble() -> StandInBle:
    return StandInBle()


@pytest.fixture
def driver(ble: StandInBle, monkeypatch: pytest.MonkeyPatch) -> Generator[Any]:
    bluetooth: Any = types.ModuleType("bluetooth")
    bluetooth.BLE = lambda: ble
    bluetooth.UUID = lambda text: bytes(16)
    bluetooth.FLAG_NOTIFY, bluetooth.FLAG_WRITE, bluetooth.FLAG_WRITE_NO_RESPONSE = 16, 8, 4
    micropython: Any = types.ModuleType("micropython")
    micropython.const = lambda value: value
    monkeypatch.setitem(sys.modules, "bluetooth", bluetooth)
    monkeypatch.setitem(sys.modules, "micropython", micropython)
    monkeypatch.setattr(asyncio, "ThreadSafeFlag", Flag, raising=False)
    monkeypatch.delitem(sys.modules, "button.drivers.peripheral", raising=False)
    peripheral = importlib.import_module("button.drivers.peripheral").Peripheral("s", "u", "d")
    peripheral.start()
    yield peripheral
    sys.modules.pop("button.drivers.peripheral", None)


def connected(driver: Any, connection: int = 0) -> Any:
    driver._on_irq(CONNECT, (connection, 0, b""))
    return driver


def test_a_phone_that_goes_while_its_frame_is_taken(driver: Any) -> None:
    class Racing(list[Any]):
        def __bool__(self) -> bool:
            driver._on_irq(DISCONNECT, (0, 0, b""))
            return len(self) > 0

    connected(driver)._queue = Racing([(1, b"frame")])
    assert driver.take(1) == b"frame"
    assert driver.take(1) is None


def test_a_phone_that_goes_before_it_is_notified(driver: Any, ble: StandInBle) -> None:
    connected(driver)._on_irq(DISCONNECT, (0, 0, b""))
    ble.error = OSError(NOT_CONNECTED, "")
    assert driver.notify(b"x") is False
    assert not driver.connected


def test_a_connection_that_nobody_said_was_over_is_ended(driver: Any, ble: StandInBle) -> None:
    connected(driver, 3)
    ble.error = OSError(NOT_CONNECTED, "")
    assert driver.notify(b"x") is False
    driver.expel()
    assert ("disconnect", 3) in ble.calls


def test_a_full_buffer_ends_nothing(driver: Any, ble: StandInBle) -> None:
    connected(driver)
    ble.error = OSError(12, "ENOMEM")
    assert driver.notify(b"x") is False
    assert driver.connected


def test_a_second_visitor_is_sent_away_and_the_phone_stays(driver: Any, ble: StandInBle) -> None:
    connected(driver, 0)._on_irq(CONNECT, (1, 0, b""))
    driver.expel()
    assert ("disconnect", 1) in ble.calls
    driver._on_irq(DISCONNECT, (1, 0, b""))
    assert driver.connected
    assert driver.notify(b"x")
    assert ("notify", 0) in ble.calls


def test_what_a_visitor_writes_is_not_the_phones(driver: Any) -> None:
    connected(driver, 0)._on_irq(CONNECT, (1, 0, b""))
    driver._on_irq(WRITE, (1, 2))
    driver._on_irq(MTU, (1, 100))
    assert driver.take(1) is None
    assert driver.room == 20


def test_last_words_before_a_disconnection_are_heard(driver: Any) -> None:
    connected(driver)._on_irq(WRITE, (0, 2))
    driver._on_irq(DISCONNECT, (0, 0, b""))
    assert driver.take(1) == b"frame"


def test_last_words_are_not_taken_for_those_of_the_next_connection(driver: Any) -> None:
    connected(driver)._on_irq(WRITE, (0, 2))
    driver._on_irq(DISCONNECT, (0, 0, b""))
    connected(driver)
    assert driver.connections == 2
    assert driver.take(2) is None


def test_a_connection_whose_beginning_was_missed_is_taken_up_at_its_first_write(
    driver: Any,
) -> None:
    driver._on_irq(WRITE, (5, 2))
    assert driver.connected
    assert driver.take(1) == b"frame"


def test_a_handler_that_fails_only_counts(driver: Any, ble: StandInBle) -> None:
    connected(driver)
    # It stands in for a stack that fails.
    ble.gatts_read = lambda handle: 1 // 0  # type: ignore[assignment]
    driver._on_irq(WRITE, (0, 2))
    assert driver.errors == 1
