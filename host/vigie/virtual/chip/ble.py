"""The radio of the chip: carries bus calls to the stack, and its events to the program."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from vigie.radio.device import Station
from vigie.radio.nimble.events import Irq
from vigie.radio.nimble.peripheral import Peripheral
from vigie.virtual.chip.part import Calls
from vigie.virtual.clock import WorldLoop
from vigie.virtual.vm import Vm


class Ble:
    """Makes a new station for each activation: a reset leaves nothing of the old stack.

    Args:
        loop: the world's.
        make_station: puts this board's radio on the air.
    """

    def __init__(self, loop: WorldLoop, make_station: Callable[[], Station]):
        self._loop = loop
        self._make_station = make_station
        self._vm: Vm | None = None
        self._station: Station | None = None
        self._stack: Peripheral | None = None
        self._tickets: dict[int, asyncio.Future[Any]] = {}
        self._next_ticket = 0
        self._values: dict[str, Any] = {}
        self._switching: asyncio.Future[None] | None = None

    @property
    def station(self) -> Station | None:
        """The radio while it is on."""
        return self._station

    def calls(self) -> Calls:
        """See Part."""
        return {
            "ble.active": self._active,
            "ble.config": self._config,
            "ble.answer": self._answer,
            "ble.advertise": lambda *a: self._on().advertise(*a),
            "ble.disconnect": lambda *a: self._on().disconnect(*a),
            "ble.pair": lambda *a: self._on().pair(*a),
            "ble.passkey": lambda *a: self._on().passkey(*a),
            "ble.register": lambda *a: self._on().register(*a),
            "ble.notify": lambda *a: self._on().notify(*a),
            "ble.indicate": lambda *a: self._on().indicate(*a),
            "ble.update": lambda *a: self._on().update(*a),
        }

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm

    def stopped(self, power_lost: bool) -> None:
        """A dead chip says nothing: its peers find out by themselves."""
        self._vm = None
        for future in self._tickets.values():
            future.cancel()
        self._tickets.clear()
        self._values.clear()
        if self._switching:
            self._switching.cancel()
        if self._station:
            self._station.silence()
        self._station = self._stack = None

    def tell(self, irq: Irq, *data: Any) -> None:
        """See vigie.radio.nimble.events.Handler."""
        if self._vm:
            self._vm.interrupt("ble", None, irq, data)

    def ask(self, irq: Irq, *data: Any) -> Awaitable[Any]:
        """See vigie.radio.nimble.events.Handler."""
        future: asyncio.Future[Any] = self._loop.create_future()
        if self._vm is None:
            future.cancel()
            return future
        self._next_ticket += 1
        self._tickets[self._next_ticket] = future
        self._vm.interrupt("ble", self._next_ticket, irq, data)
        return future

    def _on(self) -> Peripheral:
        if self._stack is None:
            raise OSError(19, "the radio is off")
        return self._stack

    def _answer(self, ticket: int, result: Any) -> None:
        future = self._tickets.pop(ticket, None)
        if future and not future.done():
            future.set_result(result)

    def _config(self, name: str | None, values: dict[str, Any]) -> Any:
        if name is not None:
            return self._on().config(name)
        self._values.update(values)
        if self._stack:
            self._stack.configure(values)
        return None

    def _active(self, on: bool) -> None:
        """The program is told by an interrupt, since the stack has questions before it is on."""
        self._switching = asyncio.ensure_future(self._start() if on else self._end())
        self._switching.add_done_callback(self._switched)

    def _switched(self, task: asyncio.Future[None]) -> None:
        if not task.cancelled():
            task.result()
            if self._vm:
                self._vm.interrupt("ble.active")

    async def _start(self) -> None:
        self._station = self._make_station()
        self._stack = Peripheral(self._station, self)
        await self._stack.start()
        self._stack.configure(self._values)

    async def _end(self) -> None:
        if self._stack and self._station:
            await self._stack.stop()
            self._station.silence()
        self._station = self._stack = None
