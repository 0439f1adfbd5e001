"""hardware/power.toml as a budget, with errors that name the line."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from vigie.hardware.bom import Part, by_ref
from vigie.hardware.power import (
    STATES,
    Alert,
    Board,
    Budget,
    Cell,
    Draw,
    Sleeper,
    Sounder,
    Unmeasured,
)
from vigie.paths import HARDWARE
from vigie.reading.toml_table import Table, load_toml

FILE = HARDWARE / "power.toml"
_SEE = "hardware/power.toml explains its fields on top."


def load(parts: Sequence[Part], path: Path = FILE) -> Budget:
    """The budget of a button made of these parts.

    Raises:
        VigieError: the file is wrong; it names the line.
    """
    file = load_toml(path, 64 * 1024, "power budget", _SEE)
    file.allow(
        *("usable", "self_discharge", "cell_v", "alert"),
        *("cell", "board", "standby", "sounder", "unmeasured"),
    )
    cell_v = file.number("cell_v", _SEE)
    resistors = by_ref(parts)
    divider = sum(resistors[ref].ohms or 0 for ref in ("R7", "R8"))
    return Budget(
        usable=file.number("usable", _SEE),
        self_discharge=file.number("self_discharge", _SEE),
        cell_v=cell_v,
        alert=Alert(*_numbers(file.table("alert", _SEE), Alert)),
        cells=tuple(_cell(t) for t in file.tables("cell", _SEE)),
        boards=tuple(_board(t) for t in file.tables("board", _SEE)),
        sleepers=(
            Sleeper("divider R7, R8", cell_v / divider * 1e6, "bom.toml"),
            *(
                Sleeper(t.text("name", _SEE), _positive(t, "ua"), t.text("source", _SEE))
                for t in file.tables("standby", _SEE)
            ),
        ),
        sounders=tuple(_sounder(t) for t in file.tables("sounder", _SEE)),
        unmeasured=tuple(
            Unmeasured(t.text("what", _SEE), t.text("how", _SEE))
            for t in file.tables("unmeasured", _SEE)
        ),
    )


def _positive(table: Table, key: str) -> float:
    value = table.number(key, _SEE)
    if not 0 < value < 1e6:
        raise table.error(f"{key} is {value:g}", "Give a positive number.", key)
    return value


def _numbers(table: Table, kind: type) -> list[float]:
    names = [f.name for f in fields(kind)]
    table.allow(*names)
    return [_positive(table, name) for name in names]


def _cell(table: Table) -> Cell:
    table.allow(*(f.name for f in fields(Cell)))
    return Cell(
        table.text("name", _SEE),
        _positive(table, "capacity_mah"),
        _positive(table, "discharge_c"),
        table.text("source", _SEE),
    )


def _sounder(table: Table) -> Sounder:
    table.allow(*(f.name for f in fields(Sounder)))
    return Sounder(
        table.text("name", _SEE),
        _positive(table, "db"),
        _positive(table, "at_m"),
        table.text("source", _SEE),
    )


def _board(table: Table) -> Board:
    table.allow("name", "charge_ma", *STATES)
    return Board(
        table.text("name", _SEE),
        _positive(table, "charge_ma"),
        {state: _draw(table, state) for state in STATES},
    )


def _draw(board: Table, state: str) -> Draw:
    table = board.table(state, _SEE)
    table.allow("from", "to", "source", "how")
    to_ma = 1000 if state.endswith("_ua") else 1
    least, most = _positive(table, "from") / to_ma, _positive(table, "to") / to_ma
    if most < least:
        raise table.error("'to' is less than 'from'", "Write the smaller one first.", "to")
    return Draw(least, most, table.text("source", _SEE), table.text("how", _SEE))
