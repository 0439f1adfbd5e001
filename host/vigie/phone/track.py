"""A walk to be played: where the phone is, second by second, from a GPX file."""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vigie.phone.gpx import Point, read_points

WALKING_M_PER_S = 1.2
METRES_PER_DOP = 5.0
"""Accuracy of a receiver per unit of dilution of precision: the usual rule of thumb."""

DEFAULT_ACCURACY_M = 15.0
"""When the file does not say: a phone under open sky is about 5 m off, between houses 20 m."""

_WORST_DOP = 100.0
_LONGEST_STEP_S = 24 * 3600.0
_FASTEST_M_PER_S = 340.0
_EARTH_RADIUS_M = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Fix:
    """A point of a track: where, how exactly, and when since the start."""

    t_s: float
    lat: float
    lon: float
    accuracy_m: float


@dataclass(frozen=True)
class Track:
    """Fixes in the order of time: never empty, beginning at 0 s."""

    fixes: tuple[Fix, ...]
    times_are_guessed: bool
    """Whether some steps had no usable times and take as long as walking would."""

    @property
    def duration_s(self) -> float:
        """When the last fix is."""
        return self.fixes[-1].t_s

    def at(self, t_s: float) -> Fix:
        """The last fix up to a time, which must not be negative."""
        return self.fixes[bisect_right(self.fixes, t_s, key=lambda fix: fix.t_s) - 1]


def load_track(path: Path) -> Track:
    """Read a GPX file. Raises VigieError with file, line and remedy."""
    return make_track(read_points(path))


def make_track(points: Iterable[Point]) -> Track:
    """Put points on a time line that begins at 0 and never goes back.

    A step between two points lasts as long as their times say. Where one has no time, or the
    times do not increase, or would mean more than a day or the speed of sound, the step lasts as
    long as walking would.
    """
    fixes: list[Fix] = []
    guessed = False
    t_s = 0.0
    before: Point | None = None
    for point in points:
        if before is not None:
            step_s = _recorded_step_s(before, point)
            guessed = guessed or step_s is None
            t_s += step_s if step_s is not None else _distance_m(before, point) / WALKING_M_PER_S
        fixes.append(Fix(t_s, point.lat, point.lon, _accuracy_m(point)))
        before = point
    return Track(tuple(fixes), guessed)


def _recorded_step_s(a: Point, b: Point) -> float | None:
    if a.time_s is None or b.time_s is None:
        return None
    step_s = b.time_s - a.time_s
    if not 0 < step_s <= _LONGEST_STEP_S or _distance_m(a, b) > step_s * _FASTEST_M_PER_S:
        return None
    return step_s


def _accuracy_m(point: Point) -> float:
    dilution = point.hdop or point.pdop  # the second is never better than the first
    return DEFAULT_ACCURACY_M if dilution is None else min(dilution, _WORST_DOP) * METRES_PER_DOP


def _distance_m(a: Point, b: Point) -> float:
    """Along a great circle (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))
