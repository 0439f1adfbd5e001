"""The radio of the chip: carries orders to the stack, and its events to the program."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from vigie.radio.device import Station
from vigie.radio.nimble.errors import ENODEV, ETIMEDOUT
from vigie.radio.nimble.events import Irq
from vigie.radio.nimble.peripheral import DEFAULT_NAME, Peripheral
from vigie.virtual.bus import EVENT_WORDS, Op, plain
from vigie.virtual.chip.part import Calls, Ending, Orders, Part
from vigie.virtual.clock import WorldLoop
from vigie.virtual.interrupts import Event, Interrupt
from vigie.virtual.vm import Vm

SHUTDOWN_S = 2.0
"""How long NimBLE waits for its peers when it stops."""
_KEPT = ("gap_name", "bond", "mitm", "le_secure", "io")
"""What `config` sets that outlives the stack being off; the others begin anew with it."""
_BYTES_FOLLOW, _PLAIN = 16, 32
_INTEGERS_MAX = EVENT_WORDS - 3


class Ble(Part):
    """Makes a new station for each activation: a reset leaves nothing of the old stack.

    Args:
        loop: the world's.
        make_station: puts this board's radio on the air.
    """

    def __init__(self, loop: WorldLoop, make_station: Callable[[], Station]):
        self._loop = loop
        self._make_station = make_station
        self._vm: Vm | None = None
        self._program = _Program(loop, None)
        self._station: Station | None = None
        self._stack: Peripheral | None = None
        self._started = False
        self._values: dict[str, Any] = {}
        self._switching: asyncio.Task[None] | None = None
        self._switchings = 0

    @property
    def station(self) -> Station | None:
        """The radio while it is on."""
        return self._station

    def orders(self) -> Orders:
        """See Part."""
        return {
            Op.BLE_NOTIFY: lambda q: self._on().notify(q.a, q.b, q.data),
            Op.BLE_INDICATE: lambda q: self._on().indicate(q.a, q.b, q.data),
            Op.BLE_UPDATE: lambda q: self._on().update(q.a, q.data),
            Op.BLE_ANSWER: lambda q: self._program.answer(q.a, (q.b, q.data if q.c else None)),
        }

    def calls(self) -> Calls:
        """See Part."""
        return {
            "ble.active": self._active,
            "ble.config": self._config,
            "ble.advertise": lambda *a: self._on().advertise(*a),
            "ble.disconnect": lambda *a: self._on().disconnect(*a),
            "ble.pair": lambda *a: self._on().pair(*a),
            "ble.passkey": lambda *a: self._on().passkey(*a),
            "ble.register": lambda *a: self._on().register(*a),
        }

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm

    def stopped(self, ending: Ending) -> None:
        """A dead chip says nothing: its peers find out by themselves."""
        self._vm = None
        if self._switching:
            self._switching.cancel()
        self._drop()
        self._values.clear()

    def _on(self) -> Peripheral:
        if self._stack is None or not self._started:
            raise OSError(ENODEV, "the radio is off")
        return self._stack

    def _config(self, name: str | None, values: dict[str, Any]) -> Any:
        if name == "gap_name":
            return self._values.get(name, DEFAULT_NAME.encode())
        if name is not None:
            return self._on().config(name)
        if self._stack:
            self._stack.configure(values)
        self._values.update({k: v for k, v in values.items() if k in _KEPT})
        return None

    def _active(self, on: bool) -> int:
        """The number of this switching: an event tells when it is done.

        By an event, since the stack has questions to the program before it is on.
        """
        if self._switching:
            self._switching.cancel()
        self._switchings += 1
        self._switching = self._loop.create_task(self._switch(on, self._switchings))
        self._switching.add_done_callback(_fail_loudly)
        return self._switchings

    async def _switch(self, on: bool, number: int) -> None:
        error = 0
        try:
            await self._end()
            if on:
                await self._start()
        except Exception:
            self._drop()
            error = ETIMEDOUT
            raise
        finally:
            if self._vm:
                self._vm.interrupt(Interrupt(Event.BLE_ACTIVE, (number, error)))

    async def _start(self) -> None:
        self._station = self._make_station()
        self._program = _Program(self._loop, self._vm)
        self._stack = Peripheral(self._station, self._program)
        await self._stack.start()
        self._stack.configure(self._values)
        self._started = True

    async def _end(self) -> None:
        if self._stack and self._started:
            self._started = False
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stack.stop(), SHUTDOWN_S)
        self._drop()

    def _drop(self) -> None:
        """Leave the air without a word, wherever the stack is."""
        self._program.detach()
        if self._stack:
            self._stack.close()
        if self._station:
            self._station.silence()
        self._station = self._stack = None
        self._started = False


def _fail_loudly(task: asyncio.Task[None]) -> None:
    """What it raises goes to the loop's exception handler."""
    if not task.cancelled():
        task.result()


class _Program:
    """The program as one activation of the stack knows it: see vigie.radio.nimble.events.Handler.

    An event of an old stack must not reach the program that has activated a new one.
    """

    def __init__(self, loop: WorldLoop, vm: Vm | None):
        self._loop = loop
        self._vm = vm
        self._tickets: dict[int, asyncio.Future[Any]] = {}
        self._next_ticket = 0

    def detach(self) -> None:
        """From now on nobody is there."""
        self._vm = None
        for future in self._tickets.values():
            future.cancel()
        self._tickets.clear()

    def tell(self, irq: Irq, *data: Any) -> None:
        """Something happened; nobody waits for the program's answer."""
        if self._vm:
            self._vm.interrupt(_interrupt(0, irq, data))

    def ask(self, irq: Irq, *data: Any) -> Awaitable[Any]:
        """Something happened, and the stack goes on with the program's answer."""
        future: asyncio.Future[Any] = self._loop.create_future()
        if self._vm is None:
            future.cancel()
            return future
        self._next_ticket += 1
        self._tickets[self._next_ticket] = future
        self._vm.interrupt(_interrupt(self._next_ticket, irq, data))
        return future

    def answer(self, ticket: int, answer: tuple[int, bytes | None]) -> None:
        """The program answers: a number and a value, of which the event takes what it needs."""
        future = self._tickets.pop(ticket, None)
        if future and not future.done():
            future.set_result(answer)


def _interrupt(ticket: int, irq: Irq, data: tuple[Any, ...]) -> Interrupt:
    """Some integers and perhaps bytes go as they are; the rest as the repr of plain values."""
    tail = data[-1] if data and isinstance(data[-1], bytes) else None
    numbers = data if tail is None else data[:-1]
    if len(numbers) > _INTEGERS_MAX or not all(type(plain(v)) is int for v in numbers):
        return Interrupt(Event.BLE, (ticket, irq, _PLAIN), repr(plain(data)).encode())
    shape = len(numbers) if tail is None else len(numbers) | _BYTES_FOLLOW
    return Interrupt(Event.BLE, (ticket, irq, shape, *map(int, numbers)), tail or b"")
