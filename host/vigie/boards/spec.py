"""boards/*.toml as typed specifications, with errors that name file, line and remedy."""

import re
from dataclasses import dataclass, fields
from pathlib import Path

from vigie.boards import parts
from vigie.boards.chips import CHIPS, Chip
from vigie.boards.image import ImageSpec, read_image
from vigie.boards.parts import (
    SEE,
    BatterySpec,
    IndicatorSpec,
    KeySpec,
    MicrophoneSpec,
    SirenSpec,
    StartupSpec,
    TimingSpec,
)
from vigie.boards.pins import Pins
from vigie.errors import VigieError
from vigie.paths import BOARDS
from vigie.reading.toml_table import Table, load_toml, suggestion


@dataclass(frozen=True, slots=True)
class BoardSpec:
    """One board.

    heap_kib: MicroPython's heap with Bluetooth on.
    psram: kind of PSRAM that the module has, or "none".
    microphone: None if the board has none, and records nothing.
    micropython: None if there is no image for it, as for the virtual board.
    """

    name: str
    chip: str
    heap_kib: int
    psram: str
    key: KeySpec
    siren: SirenSpec
    indicator: IndicatorSpec
    battery: BatterySpec
    microphone: MicrophoneSpec | None
    startup: StartupSpec
    timing: TimingSpec
    micropython: ImageSpec | None

    @property
    def chip_facts(self) -> Chip:
        """What its chip can do."""
        return CHIPS[self.chip]


MAX_BYTES = 64 * 1024
_HEAP_KIB = (64, 16 * 1024)
_PLACES = ("header", "reserved")
"""Keys that are there to check others by."""


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
    return _board(load_toml(file, MAX_BYTES, "board file", SEE))


def _board(file: Table) -> BoardSpec:
    file.allow(*(f.name for f in fields(BoardSpec)), *_PLACES)
    chip = file.text("chip", SEE)
    if chip not in CHIPS:
        raise file.error(f"unknown chip {chip!r}", suggestion(chip, CHIPS), "chip")
    psram = _psram(file, CHIPS[chip])
    image = read_image(_part(file, "micropython", ImageSpec)) if "micropython" in file else None
    pins = Pins(
        chip,
        CHIPS[chip],
        psram,
        frozenset(file.integers("header", SEE)) if "header" in file else None,
        _reserved(file),
        serial_console=image is not None and image.console == "serial",
    )
    startup = StartupSpec()
    if "startup" in file:  # first: what the board needs, no part can have
        startup = parts.read_startup(_part(file, "startup", StartupSpec), pins)
    return BoardSpec(
        name=_name(file),
        chip=chip,
        heap_kib=parts.between(file, "heap_kib", *_HEAP_KIB),
        psram=psram,
        key=parts.read_key(_part(file, "key", KeySpec), pins),
        siren=parts.read_siren(_part(file, "siren", SirenSpec), pins),
        indicator=parts.read_indicator(_part(file, "indicator", IndicatorSpec), pins),
        battery=parts.read_battery(_part(file, "battery", BatterySpec), pins),
        microphone=parts.read_microphone(_part(file, "microphone", MicrophoneSpec), pins)
        if "microphone" in file
        else None,
        startup=startup,
        timing=parts.read_timing(_part(file, "timing", TimingSpec)),
        micropython=image,
    )


def _part(file: Table, name: str, kind: type) -> Table:
    table = file.table(name, SEE)
    table.allow(*(f.name for f in fields(kind)))
    return table


def _name(file: Table) -> str:
    name = file.text("name", SEE)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}", name):  # it becomes part of a program
        what = f"{name[:40]!r} is not a name for a board"
        raise file.error(what, "Use up to 40 letters, digits, spaces, dots and hyphens.", "name")
    return name


def _psram(file: Table, chip: Chip) -> str:
    psram = file.text("psram", SEE) if "psram" in file else "none"
    known = ("none", *chip.psram)
    if psram not in known:
        what = f"no module with this chip has PSRAM of kind {psram[:20]!r}"
        raise file.error(what, f"Known here: {', '.join(known)}.", "psram")
    return psram


def _reserved(file: Table) -> dict[int, str]:
    if "reserved" not in file:
        return {}
    table = file.table("reserved", SEE)
    for key in table.keys:
        if not key.isdecimal():
            hint = 'Write the number of a pin, and what it is: 21 = "the light on the board".'
            raise table.error(f"{key!r} is no pin", hint, key)
    return {int(key): table.text(key, SEE) for key in table.keys}
