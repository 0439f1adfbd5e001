"""The points of a GPX file, read with gpxpy.

The file is looked through before: what is not GPX gets an error with its line, and document type
definitions, the root of all entity bombs, are refused before they take effect.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from xml.parsers import expat

import gpxpy
from gpxpy.gpx import GPX, GPXException, GPXRoutePoint, GPXTrackPoint

from vigie.errors import VigieError
from vigie.reading.files import read_limited

MAX_BYTES = 20 * 1024 * 1024
"""Weeks of walking; reading it takes some seconds and 20 times as much memory."""
_MAX_DEPTH = 100

_GPS_BEGAN = datetime(1980, 1, 6, tzinfo=UTC)
_HINT = "Export the track again as GPX, or use demo/korita-zbevnica.gpx."


@dataclass(frozen=True, slots=True)
class Point:
    """A point as the file has it. What cannot be used is None."""

    lat: float
    lon: float
    time_s: float | None
    hdop: float | None
    pdop: float | None


def read_points(path: Path) -> list[Point]:
    """All track points in the order of the file, or its route points when there is no track.

    Raises:
        VigieError: no such file, not GPX, no point, or a point that is not on Earth.
    """
    data = read_limited(path, MAX_BYTES, "GPX file", _HINT)
    _check_document(path, data)
    try:
        gpx = gpxpy.parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise VigieError(f"{path}: is not UTF-8 text", _HINT) from None
    except (GPXException, ValueError) as error:
        raise VigieError(f"{path}: {error}", _HINT) from None
    points = [_point(p) for p in _all_points(gpx)]
    if not points:
        raise VigieError(f"{path}: holds no track point", _HINT)
    return points


def _check_document(path: Path, data: bytes) -> None:
    """Raise VigieError, with the line, unless this is GPX whose points are on Earth."""
    gate = _Gate(path)
    try:
        gate.parser.Parse(data, True)
    except expat.ExpatError as e:
        message = expat.ErrorString(e.code)
        raise VigieError(f"{path}:{e.lineno}: is not XML: {message}", _HINT) from None
    except (LookupError, ValueError) as e:  # an encoding that expat or Python does not know
        line = gate.parser.CurrentLineNumber
        raise VigieError(f"{path}:{line}: {e}", _HINT) from None


class _Gate:
    """Complains with the line at hand while the tokenizer runs."""

    def __init__(self, path: Path):
        self._path = path
        self._depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _doctype(self, *_: object) -> None:
        raise self._error("has a document type definition, which no GPX file needs")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._depth and name != "gpx":
            raise self._error(f"is XML, but not GPX: it begins with <{name[:40]}>")
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._error("is nested too deep")
        if name in ("trkpt", "rtept"):
            self._coordinate(attributes.get("lat", ""), "lat", 90)
            self._coordinate(attributes.get("lon", ""), "lon", 180)

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _coordinate(self, text: str, name: str, limit: int) -> None:
        try:
            value = float(text)
        except ValueError:
            raise self._error(f"{name}={text[:40]!r} of a point is not a number") from None
        if not -limit <= value <= limit:
            raise self._error(f"{name}={text[:40]!r} of a point is beyond {limit} degrees")

    def _error(self, what: str) -> VigieError:
        return VigieError(f"{self._path}:{self.parser.CurrentLineNumber}: {what}", _HINT)


def _all_points(gpx: GPX) -> list[GPXTrackPoint] | list[GPXRoutePoint]:
    tracks = [s.points for t in gpx.tracks for s in t.segments]
    return list(chain(*tracks)) or list(chain(*(r.points for r in gpx.routes)))


def _point(p: GPXTrackPoint | GPXRoutePoint) -> Point:
    hdop, pdop = _dilution(p.horizontal_dilution), _dilution(p.position_dilution)
    return Point(p.latitude, p.longitude, _time_s(p.time), hdop, pdop)


def _time_s(time: datetime | None) -> float | None:
    """Seconds since 1970; None for what is no time, or was before there was GPS."""
    if time is None:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    try:
        return time.timestamp() if time >= _GPS_BEGAN else None
    except (ValueError, OverflowError):  # an offset of more than a day, a year beyond all
        return None


def _dilution(value: float | None) -> float | None:
    return value if value is not None and 0 < value < float("inf") else None
