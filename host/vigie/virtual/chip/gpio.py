"""Pins: digital inputs with interrupts, digital outputs, PWM, analogue inputs."""

from collections.abc import Callable
from dataclasses import dataclass

from vigie.virtual.chip.part import Calls
from vigie.virtual.clock import WorldLoop
from vigie.virtual.vm import Vm

IRQ_QUEUE = 8
"""Depth of the chip's scheduler: further callbacks are lost, and nothing tells the program."""
_OUT = 3
_PULL_UP = 2
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


class Gpio:
    """All pins of one chip."""

    def __init__(self, loop: WorldLoop) -> None:
        self._loop = loop
        self._vm: Vm | None = None
        self._driven: dict[int, int] = {}
        self._pulls: dict[int, int] = {}
        self._triggers: dict[int, int] = {}
        self._microvolts: dict[int, Callable[[], int]] = {}
        self.outputs: list[Output] = []
        self.on_output: list[Callable[[Output], None]] = []

    def calls(self) -> Calls:
        """See Part."""
        return {
            "gpio.init": self._init,
            "gpio.write": self._write,
            "gpio.irq": self._irq,
            "gpio.pwm": self._pwm,
            "adc.read_uv": self._read_uv,
        }

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm
        self._triggers.clear()

    def stopped(self, power_lost: bool) -> None:
        """Every reset makes all pins inputs: whatever they drove is silent."""
        self._vm = None
        self._pulls.clear()
        last: dict[int, Output] = {o.pin: o for o in self.outputs}
        for output in last.values():
            if output.active:
                self._put(Output(self._loop.time(), output.pin, 0))

    def drive(self, pin: int, level: int) -> None:
        """Something outside puts a level on a pin."""
        if self.level(pin) == level:
            self._driven[pin] = level
            return
        self._driven[pin] = level
        if self._vm is None:
            return
        wanted = self._triggers.get(pin, 0) & (_RISING if level else _FALLING)
        fires = bool(wanted) and self._vm.pending("pin", "timer") < IRQ_QUEUE
        self._vm.interrupt("pin", pin, level, fires)

    def level(self, pin: int) -> int:
        """The level on a pin that nobody drives follows its pull."""
        return self._driven.get(pin, self._pulls.get(pin, 0))

    def feed(self, pin: int, microvolts: Callable[[], int]) -> None:
        """Put a voltage on an analogue input."""
        self._microvolts[pin] = microvolts

    def _init(self, pin: int, mode: int, pull: int | None, value: int | None) -> int:
        if mode == _OUT:
            level = 1 if value else 0
            self._put(Output(self._loop.time(), pin, level))
            return level
        if pull is not None:
            self._pulls[pin] = 1 if pull == _PULL_UP else 0
        return self.level(pin)

    def _write(self, pin: int, level: int) -> None:
        self._put(Output(self._loop.time(), pin, level))

    def _pwm(self, pin: int, hz: int, duty: int) -> None:
        self._put(Output(self._loop.time(), pin, None, hz, duty))

    def _put(self, output: Output) -> None:
        self.outputs.append(output)
        for hear in self.on_output:
            hear(output)

    def _irq(self, pin: int, trigger: int) -> None:
        self._triggers[pin] = trigger

    def _read_uv(self, pin: int) -> int:
        source = self._microvolts.get(pin)
        return source() if source else 0
