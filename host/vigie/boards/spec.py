"""boards/*.toml as typed specifications, with errors that name file, line and remedy.

What is read makes sense: pins are there and can do their work, values are in their bounds.
"""

import re
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path

from button.core.clicks import Timing
from button.core.patterns import LEAST_HZ, MOST_HZ
from vigie.boards.chips import CHIPS
from vigie.boards.microphones import MODELS, MicrophoneModel
from vigie.boards.pins import Pins, Use
from vigie.errors import VigieError
from vigie.paths import BOARDS
from vigie.reading.toml_table import Table, load_toml, suggestion


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
    """The battery behind a divider; `divider` is voltage at the pin / voltage of the cell."""

    pin: int
    divider: float


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
class BoardSpec:
    """One board."""

    name: str
    chip: str
    heap_kib: int
    key: KeySpec
    siren: SirenSpec
    indicator: IndicatorSpec
    battery: BatterySpec
    microphone: MicrophoneSpec | None
    """None: the board has none, and records nothing."""
    timing: TimingSpec


MAX_BYTES = 64 * 1024
_HEAP_KIB = (64, 16 * 1024)
_RATES_HZ = (8000, 16000)
_PULLS = ("up", "down", "none")
_SEE = "boards/README.md explains it."


def names() -> list[str]:
    """The boards there are."""
    return sorted(p.stem for p in BOARDS.glob("*.toml"))


def load(name_or_file: str) -> BoardSpec:
    """A board by its name in boards/, or by the path of a TOML file.

    Raises:
        VigieError: there is no such board, or its file is wrong; it names the line.
    """
    file = Path(name_or_file)
    if file.suffix != ".toml":
        file = BOARDS / f"{name_or_file}.toml"
        if not file.exists():
            raise VigieError(
                f"There is no board named '{name_or_file}'.",
                f"The boards are: {', '.join(names())}. A path that ends in .toml works too.",
            )
    return _board(load_toml(file, MAX_BYTES, "board file", _SEE))


def _board(file: Table) -> BoardSpec:
    file.allow(*(f.name for f in fields(BoardSpec)))
    chip = file.text("chip", _SEE)
    if chip not in CHIPS:
        raise file.error(f"unknown chip {chip!r}", suggestion(chip, CHIPS), "chip")
    pins = Pins(chip, CHIPS[chip])
    return BoardSpec(
        name=_name(file),
        chip=chip,
        heap_kib=_heap_kib(file),
        key=_key(_part(file, "key", KeySpec), pins),
        siren=_siren(_part(file, "siren", SirenSpec), pins),
        indicator=_indicator(_part(file, "indicator", IndicatorSpec), pins),
        battery=_battery(_part(file, "battery", BatterySpec), pins),
        microphone=_microphone(_part(file, "microphone", MicrophoneSpec), pins)
        if "microphone" in file
        else None,
        timing=_timing(_part(file, "timing", TimingSpec)),
    )


def _part(file: Table, name: str, kind: type) -> Table:
    table = file.table(name, _SEE)
    table.allow(*(f.name for f in fields(kind)))
    return table


def _name(file: Table) -> str:
    name = file.text("name", _SEE)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}", name):  # it becomes part of a program
        what = f"{name[:40]!r} is not a name for a board"
        raise file.error(what, "Use up to 40 letters, digits, spaces, dots and hyphens.", "name")
    return name


def _heap_kib(file: Table) -> int:
    return _between(file, "heap_kib", *_HEAP_KIB)


def _between(table: Table, key: str, least: int, most: int) -> int:
    value = table.integer(key, _SEE)
    if not least <= value <= most:
        raise table.error(f"{key} is not in {least}..{most}", _SEE, key)
    return value


def _key(table: Table, pins: Pins) -> KeySpec:
    pin = pins.take(table, "key", Use.READ)
    pull = table.text("pull", f"Add pull, one of {', '.join(_PULLS)}.")
    if pull not in _PULLS:
        raise table.error(f"pull is {pull[:20]!r}", f"Known here: {', '.join(_PULLS)}.", "pull")
    if pull != "none" and not pins.can_pull(pin):
        what = f"pin {pin} has no pull resistor inside"
        raise table.error(what, 'Put a resistor on the board and write pull = "none".', "pull")
    return KeySpec(pin, table.flag("active_low", _SEE), pull)


def _siren(table: Table, pins: Pins) -> SirenSpec:
    pin = pins.take(table, "siren", Use.DRIVE)
    return SirenSpec(pin, _between(table, "resonance_hz", LEAST_HZ, MOST_HZ))


def _microphone(table: Table, pins: Pins) -> MicrophoneSpec:
    model = table.text("model", _SEE)
    if model not in MODELS:
        what = f"unknown microphone {model[:20]!r}"
        raise table.error(what, suggestion(model, MODELS), "model")
    least, most = MODELS[model].rates_hz
    rate_hz = table.integer("rate_hz", _SEE)
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
        _between(table, "gain_bits", 0, 8),
        _between(table, "preroll_s", 0, 120),
        _between(table, "quota_kib", 64, 8192),
    )


def _indicator(table: Table, pins: Pins) -> IndicatorSpec:
    return IndicatorSpec(pins.take(table, "indicator", Use.DRIVE), table.flag("active_low", _SEE))


def _battery(table: Table, pins: Pins) -> BatterySpec:
    divider = table.number("divider", _SEE)
    if not 0 < divider <= 1:
        what = f"divider is {divider:g}, not more than 0 and up to 1"
        raise table.error(
            what, "It is the voltage at the pin / the voltage of the cell.", "divider"
        )
    return BatterySpec(pins.take(table, "battery", Use.MEASURE), divider)


def _timing(table: Table) -> TimingSpec:
    wanted = [f.name for f in fields(TimingSpec) if f.default is MISSING or f.name in table]
    timing = TimingSpec(**{name: table.integer(name, _SEE) for name in wanted})
    try:
        Timing(**asdict(timing))
    except ValueError as e:
        hint = "The bounds are in firmware/button/core/clicks.py."
        raise table.error(str(e), hint, str(e).split()[0]) from None
    return timing
