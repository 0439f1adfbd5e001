"""Pins: digital inputs with interrupts, digital outputs, PWM, analogue inputs."""

from collections.abc import Callable
from dataclasses import dataclass

from vigie.virtual.bus import Op
from vigie.virtual.chip.part import Ending, Orders, Part
from vigie.virtual.clock import WorldLoop
from vigie.virtual.interrupts import Event, Interrupt
from vigie.virtual.vm import Vm

_IN, _OUT = 1, 3
_PULL_UP = 2
_KEEP = -1
_TOGGLE = 2
_RISING, _FALLING = 1, 2


@dataclass(frozen=True, slots=True)
class Output:
    """What a pin puts out from a moment on.

    Args:
        t_s: when, on the world's clock.
        pin: which.
        level: 0 or 1 of a digital output; None for PWM.
        hz: frequency of PWM, 0 for a digital output.
        duty: 0 to 65535 of PWM.
    """

    t_s: float
    pin: int
    level: int | None
    hz: int = 0
    duty: int = 0

    @property
    def active(self) -> bool:
        """Whether anything but a low level is on the pin."""
        return bool(self.level) if self.level is not None else self.duty > 0


@dataclass(slots=True)
class _Pin:
    """What a program has made of a pin; at a reset, nothing."""

    mode: int = 0
    latch: int = 0
    """The level it has, or will have when it becomes an output."""
    pull: int = 0
    trigger: int = 0
    pwm: bool = False


@dataclass(slots=True)
class _Wire:
    """What is outside of a pin: it stays when the chip is reset."""

    level: int | None = None
    microvolts: int = 0


class Gpio(Part):
    """All pins of one chip."""

    def __init__(self, loop: WorldLoop) -> None:
        self._loop = loop
        self._vm: Vm | None = None
        self._pins: dict[int, _Pin] = {}
        self._wires: dict[int, _Wire] = {}
        self.outputs: list[Output] = []
        self.on_output: list[Callable[[Output], None]] = []

    def orders(self) -> Orders:
        """See Part."""
        return {
            Op.PIN_INIT: lambda q: self._init(q.a, q.b, q.c),
            Op.PIN_WRITE: lambda q: self._write(q.a, q.b),
            Op.PIN_READ: lambda q: self._read(q.a),
            Op.PIN_IRQ: lambda q: self._irq(q.a, q.b),
            Op.PIN_PWM: lambda q: self._pwm(q.a, q.b, q.c),
            Op.ADC_READ: lambda q: self._wire(q.a).microvolts,
        }

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm

    def stopped(self, ending: Ending) -> None:
        """A reset makes all pins inputs; a soft reset only ends PWM and interrupts."""
        self._vm = None
        for number, pin in self._pins.items():
            pin.trigger = 0
            if pin.pwm or (ending is not Ending.SOFT and pin.mode == _OUT and pin.latch):
                self._put(Output(self._loop.time(), number, 0))
            if pin.pwm:
                pin.pwm, pin.mode = False, 0
        if ending is not Ending.SOFT:
            self._pins.clear()

    # --- from outside

    def drive(self, pin: int, level: int) -> None:
        """Something outside puts a level on a pin."""
        before = self.level(pin)
        self._wire(pin).level = level
        if self._vm is None or self.level(pin) == before:
            return
        self._vm.levels_changed()
        if self._pin(pin).trigger & (_RISING if level else _FALLING):
            self._vm.interrupt(Interrupt(Event.PIN, (pin,)))

    def level(self, pin: int) -> int:
        """The level on a pin: the chip's own, or what is outside, or its pull."""
        p = self._pin(pin)
        if p.mode == _OUT and not p.pwm:
            return p.latch
        outside = self._wire(pin).level
        return int(p.pull == _PULL_UP) if outside is None else outside

    def feed(self, pin: int, microvolts: int) -> None:
        """Put a voltage on an analogue input."""
        self._wire(pin).microvolts = microvolts
        if self._vm:
            self._vm.levels_changed()

    def _pin(self, number: int) -> _Pin:
        return self._pins.setdefault(number, _Pin())

    def _wire(self, number: int) -> _Wire:
        return self._wires.setdefault(number, _Wire())

    # --- from the program

    def _init(self, number: int, mode: int, pull: int) -> None:
        pin = self._pin(number)
        if pull != _KEEP:
            pin.pull = pull
        if not mode:
            return
        was_driven = pin.pwm or pin.mode == _OUT
        pin.mode, pin.pwm = mode, False
        if mode == _OUT:
            self._put(Output(self._loop.time(), number, pin.latch))
        elif was_driven:
            self._put(Output(self._loop.time(), number, 0))

    def _write(self, number: int, level: int) -> None:
        pin = self._pin(number)
        pin.latch = 1 - pin.latch if level == _TOGGLE else level
        if pin.mode == _OUT and not pin.pwm:
            self._put(Output(self._loop.time(), number, pin.latch))

    def _read(self, number: int) -> int:
        pin = self._pin(number)
        if pin.pwm:
            raise NotImplementedError(f"the virtual board does not model reading GPIO {number}, "
                                      "which has PWM on it")  # fmt: skip
        return self.level(number) if pin.mode else 0  # an input buffer that nobody switched on

    def _pwm(self, number: int, hz: int, duty: int) -> None:
        self._pin(number).pwm = True
        self._put(Output(self._loop.time(), number, None, hz, duty))

    def _put(self, output: Output) -> None:
        self.outputs.append(output)
        for hear in self.on_output:
            hear(output)

    def _irq(self, number: int, trigger: int) -> None:
        self._pin(number).trigger = trigger
