"""boards/*.toml as typed specifications, with errors that name the file and the field."""

import tomllib
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from vigie.errors import VigieError
from vigie.paths import BOARDS


@dataclass(frozen=True, slots=True)
class KeySpec:
    """The key: a switch on a pin."""

    pin: int
    active_low: bool
    pull: str


@dataclass(frozen=True, slots=True)
class SirenSpec:
    """The sounder on a PWM pin."""

    pin: int


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
class TimingSpec:
    """Click timing, in milliseconds; button.core.clicks says what each value does."""

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
    timing: TimingSpec


_T = TypeVar("_T")


def names() -> list[str]:
    """The boards there are."""
    return sorted(p.stem for p in BOARDS.glob("*.toml"))


def load(name_or_file: str) -> BoardSpec:
    """A board by its name in boards/, or by the path of a TOML file.

    Raises:
        VigieError: there is no such board, or its file is wrong.
    """
    file = Path(name_or_file)
    if file.suffix != ".toml":
        file = BOARDS / f"{name_or_file}.toml"
        if not file.exists():
            raise VigieError(
                f"There is no board named '{name_or_file}'.",
                f"The boards are: {', '.join(names())}. A path that ends in .toml works too.",
            )
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as e:
        raise VigieError(f"{file} cannot be read: {e.strerror}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise VigieError(f"{file} is not UTF-8 text.", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as e:
        raise VigieError(f"{file} is not valid TOML: {e}.", "Mend that line.") from None
    return _build(BoardSpec, table, str(file), "")


def _build(kind: type[_T], table: dict[str, Any], file: str, where: str) -> _T:
    """A dataclass from a TOML table: every field present, none unknown, all of the right type."""
    known = {f.name: f.type for f in fields(kind)}  # type: ignore[arg-type]
    optional = {f.name for f in fields(kind) if f.default is not MISSING}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise VigieError(f"{file}: unknown field '{where}{key}'.",
                             f"Known here: {', '.join(known)}.")  # fmt: skip
    values: dict[str, Any] = {}
    for key, wanted in known.items():
        if key not in table and key in optional:
            continue
        if key not in table:
            raise VigieError(
                f"{file}: '{where}{key}' is missing.", "boards/README.md explains it."
            )
        values[key] = _value(wanted, table[key], file, f"{where}{key}")
    return kind(**values)


def _value(wanted: Any, value: object, file: str, where: str) -> object:
    if is_dataclass(wanted) and isinstance(wanted, type) and isinstance(value, dict):
        return _build(wanted, cast(dict[str, Any], value), file, where + ".")
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        kind = getattr(wanted, "__name__", str(wanted))
        raise VigieError(
            f"{file}: '{where}' is {value!r}, not a value of type {kind}.", "Mend that line."
        )
    return value
