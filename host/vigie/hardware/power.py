"""The power budget: what follows from the figures of `power_data`.

Hours and months are bounds: the lower from the larger current.
"""

import math
from dataclasses import dataclass

HOURS_A_MONTH = 720
STATES = ("awake_ma", "modem_sleep_ma", "light_sleep_ma", "deep_sleep_ua")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. discharge_c: the most it may give, in its capacity an hour."""

    name: str
    capacity_mah: float
    discharge_c: float
    source: str


@dataclass(frozen=True, slots=True)
class Draw:
    """What a board takes in one state: from the least to the most that was found, mA."""

    least_ma: float
    most_ma: float
    source: str
    how: str


@dataclass(frozen=True, slots=True)
class Board:
    """A board, what it charges a cell with, and what it takes by state (`STATES`)."""

    name: str
    charge_ma: float
    draws: dict[str, Draw]


@dataclass(frozen=True, slots=True)
class Alert:
    """What one alert takes, at worst."""

    recording_ma: float
    recording_min: float
    siren_ma: float
    siren_min: float

    @property
    def mah(self) -> float:
        """Charge that is kept back for it."""
        return (self.recording_ma * self.recording_min + self.siren_ma * self.siren_min) / 60


@dataclass(frozen=True, slots=True)
class Sleeper:
    """A part that takes current while the chip sleeps, in microamperes."""

    name: str
    ua: float
    source: str


@dataclass(frozen=True, slots=True)
class Sounder:
    """A sounder's level, and how far away that is."""

    name: str
    db: float
    at_m: float
    source: str


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """What nobody has measured yet, and how to."""

    what: str
    how: str


@dataclass(frozen=True, slots=True)
class Budget:
    """All of the file; `sleepers` begin with the divider, which comes from the parts list."""

    usable: float
    self_discharge: float
    cell_v: float
    alert: Alert
    cells: tuple[Cell, ...]
    boards: tuple[Board, ...]
    sleepers: tuple[Sleeper, ...]
    sounders: tuple[Sounder, ...]
    unmeasured: tuple[Unmeasured, ...]

    @property
    def sleepers_ua(self) -> float:
        """What all parts beside the board take while it sleeps."""
        return sum(s.ua for s in self.sleepers)

    def guard_h(self, cell: Cell, draw: Draw) -> tuple[float, float]:
        """Hours in this state, from - to, after which one alert is still possible."""
        left = max(0.0, cell.capacity_mah * self.usable - self.alert.mah)
        return left / draw.most_ma, left / draw.least_ma

    def standby_months(self, cell: Cell, board: Board) -> tuple[float, float]:
        """Months of deep sleep, from - to, until the cell is empty."""
        sleep = board.draws["deep_sleep_ua"]
        own = cell.capacity_mah * self.self_discharge / HOURS_A_MONTH
        hours = [
            cell.capacity_mah * self.usable / (ma + self.sleepers_ua / 1000 + own)
            for ma in (sleep.most_ma, sleep.least_ma)
        ]
        return hours[0] / HOURS_A_MONTH, hours[1] / HOURS_A_MONTH


def level_db(sounder: Sounder, at_m: float) -> float:
    """Its level at another distance in the open: 6 dB less for twice as far."""
    return sounder.db - 20 * math.log10(at_m / sounder.at_m)


def allowed_min(db: float) -> float:
    """Minutes a day that an ear takes: eight hours of 85 dB, half for 3 dB more (NIOSH)."""
    return 480 / 2 ** ((db - 85) / 3)
