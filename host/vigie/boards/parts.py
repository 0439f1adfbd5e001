"""The parts of a board as typed specifications, each with the reader of its table.

What is read makes sense: pins are there and can do their work, values are in their bounds.
"""

from dataclasses import MISSING, asdict, dataclass, fields
from itertools import pairwise

from button.core.clicks import Timing
from button.core.patterns import LEAST_HZ, MOST_HZ
from vigie.boards.microphones import MODELS, MicrophoneModel
from vigie.boards.pins import Pins, Use
from vigie.reading.toml_table import Table, suggestion

SEE = "boards/README.md explains it."
_RATES_HZ = (8000, 16000)
_PULLS = ("up", "down", "none")
_CELL_FULL_MV = 4300
"""With the charger's tolerance."""
_ADC_FULL_MV = 2450
"""The converters are calibrated up to here with MicroPython's ATTN_11DB: the plain ESP32's data
sheet; the other chips reach a little further."""
_CURVE_POINTS = 6


@dataclass(frozen=True, slots=True)
class KeySpec:
    """The key: a switch on a pin."""

    pin: int
    active_low: bool
    pull: str
    """ "up", "down" or "none"."""


@dataclass(frozen=True, slots=True)
class SirenSpec:
    """The sounder on a PWM pin, loudest at its resonance."""

    pin: int
    resonance_hz: int


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """The light or vibration motor."""

    pin: int
    active_low: bool


@dataclass(frozen=True, slots=True)
class BatterySpec:
    """The battery behind a divider.

    divider: voltage at the pin / voltage of the cell.
    cell_mah: the cell's capacity; 0 if it is not said.
    charge_ma: what the board charges it with; 0 if it is not said.
    curve_mv: the cell's voltage at 0, 20, 40, 60, 80 and 100 % of charge; empty if it is not said.
    """

    pin: int
    divider: float
    cell_mah: int = 0
    charge_ma: int = 0
    curve_mv: tuple[int, ...] = ()

    def percent(self, mv: int) -> int | None:
        """The charge at this voltage of the cell, 0 to 100; None without a curve."""
        if not self.curve_mv:
            return None
        step = 100 // (_CURVE_POINTS - 1)
        for i, (low, high) in enumerate(pairwise(self.curve_mv)):
            if mv <= low:
                return i * step
            if mv < high:
                return i * step + (mv - low) * step // (high - low)
        return 100


@dataclass(frozen=True, slots=True)
class MicrophoneSpec:
    """The I2S microphone: its pins, and how it is listened to.

    gain_bits: by how many bits its samples are raised (6 dB each); speech is far below full scale.
    preroll_s: seconds before a press that are kept in RAM; 0 for none.
    quota_kib: of flash, for recordings that the phone does not have yet.
    """

    model: str
    sck: int
    ws: int
    sd: int
    rate_hz: int
    gain_bits: int
    preroll_s: int
    quota_kib: int

    @property
    def facts(self) -> MicrophoneModel:
        """What the data sheet says."""
        return MODELS[self.model]

    @property
    def settings(self) -> dict[str, int]:
        """What the firmware is told of it."""
        return {
            "sck": self.sck,
            "ws": self.ws,
            "sd": self.sd,
            "rate_hz": self.rate_hz,
            "shift": 16 + self.facts.late - self.gain_bits,
            "preroll_s": self.preroll_s,
            "quota_bytes": self.quota_kib * 1024,
        }


@dataclass(frozen=True, slots=True)
class TimingSpec:
    """Click timing, in milliseconds; `button.core.clicks` says what each value does."""

    glitch_ms: int
    release_ms: int
    gap_ms: int
    long_ms: int
    stuck_ms: int
    restrike_gap_ms: int = 0
    restrike_ms: int = 0


@dataclass(frozen=True, slots=True)
class StartupSpec:
    """Pins that the board itself needs driven before the radio starts, and then left so."""

    low: tuple[int, ...] = ()
    high: tuple[int, ...] = ()

    @property
    def levels(self) -> tuple[tuple[int, int], ...]:
        """(pin, level) each."""
        return (*((pin, 0) for pin in self.low), *((pin, 1) for pin in self.high))


def between(table: Table, key: str, least: int, most: int) -> int:
    """A whole number in these bounds."""
    value = table.integer(key, SEE)
    if not least <= value <= most:
        raise table.error(f"{key} is not in {least}..{most}", SEE, key)
    return value


def read_key(table: Table, pins: Pins) -> KeySpec:
    """[key]."""
    pin = pins.take(table, "key", Use.WAKE)
    pull = table.text("pull", f"Add pull, one of {', '.join(_PULLS)}.")
    if pull not in _PULLS:
        raise table.error(f"pull is {pull[:20]!r}", f"Known here: {', '.join(_PULLS)}.", "pull")
    if pull != "none" and not pins.can_pull(pin):
        what = f"pin {pin} has no pull resistor inside"
        raise table.error(what, 'Put a resistor on the board and write pull = "none".', "pull")
    return KeySpec(pin, table.flag("active_low", SEE), pull)


def read_siren(table: Table, pins: Pins) -> SirenSpec:
    """[siren]."""
    pin = pins.take(table, "siren", Use.DRIVE)
    return SirenSpec(pin, between(table, "resonance_hz", LEAST_HZ, MOST_HZ))


def read_indicator(table: Table, pins: Pins) -> IndicatorSpec:
    """[indicator]."""
    return IndicatorSpec(pins.take(table, "indicator", Use.DRIVE), table.flag("active_low", SEE))


def read_battery(table: Table, pins: Pins) -> BatterySpec:
    """[battery]."""
    divider = table.number("divider", SEE)
    if not 0 < divider <= 1:
        what = f"divider is {divider:g}, not more than 0 and up to 1"
        hint = "It is the voltage at the pin / the voltage of the cell."
        raise table.error(what, hint, "divider")
    if divider * _CELL_FULL_MV > _ADC_FULL_MV:
        what = f"a full cell gives {divider * _CELL_FULL_MV:.0f} mV at the pin, more than it reads"
        hint = f"It reads up to {_ADC_FULL_MV} mV: two equal resistors are a divider of 0.5."
        raise table.error(what, hint, "divider")
    pin = pins.take(table, "battery", Use.MEASURE)
    cell_mah = between(table, "cell_mah", 20, 20000) if "cell_mah" in table else 0
    charge_ma = between(table, "charge_ma", 1, 5000) if "charge_ma" in table else 0
    if cell_mah and charge_ma > cell_mah:
        what = f"the board charges with {charge_ma} mA: dangerous for a cell of {cell_mah} mAh"
        hint = f"Take a cell of {2 * charge_ma} mAh, and never less than {charge_ma} mAh."
        raise table.error(what, hint, "cell_mah")
    return BatterySpec(pin, divider, cell_mah, charge_ma, _curve(table))


def _curve(table: Table) -> tuple[int, ...]:
    if "curve_mv" not in table:
        return ()
    curve = tuple(table.integers("curve_mv", SEE))
    rises = all(low < high for low, high in pairwise(curve))
    if len(curve) != _CURVE_POINTS or not rises:
        what = f"curve_mv is not {_CURVE_POINTS} rising voltages"
        raise table.error(what, "They are those at 0, 20, 40, 60, 80 and 100 %.", "curve_mv")
    return curve


def read_microphone(table: Table, pins: Pins) -> MicrophoneSpec:
    """[microphone]."""
    model = table.text("model", SEE)
    if model not in MODELS:
        what = f"unknown microphone {model[:20]!r}"
        raise table.error(what, suggestion(model, MODELS), "model")
    least, most = MODELS[model].rates_hz
    rate_hz = table.integer("rate_hz", SEE)
    possible = [r for r in _RATES_HZ if least <= r <= most]
    if rate_hz not in possible:
        hint = f"Possible with this microphone: {', '.join(map(str, possible))}."
        raise table.error(f"rate_hz is {rate_hz}", hint, "rate_hz")
    return MicrophoneSpec(
        model,
        pins.take(table, "microphone", Use.DRIVE, "sck"),
        pins.take(table, "microphone", Use.DRIVE, "ws"),
        pins.take(table, "microphone", Use.READ, "sd"),
        rate_hz,
        between(table, "gain_bits", 0, 8),
        between(table, "preroll_s", 0, 120),
        between(table, "quota_kib", 64, 8192),
    )


def read_timing(table: Table) -> TimingSpec:
    """[timing]."""
    wanted = [f.name for f in fields(TimingSpec) if f.default is MISSING or f.name in table]
    timing = TimingSpec(**{name: table.integer(name, SEE) for name in wanted})
    try:
        Timing(**asdict(timing))
    except ValueError as e:
        hint = "The bounds are in firmware/button/core/clicks.py."
        raise table.error(str(e), hint, str(e).split()[0]) from None
    return timing


def read_startup(table: Table, pins: Pins) -> StartupSpec:
    """[startup]."""

    def level(key: str) -> tuple[int, ...]:
        given = table.integers(key, SEE) if key in table else []
        return pins.take_for_board(table, key, given)

    return StartupSpec(level("low"), level("high"))
