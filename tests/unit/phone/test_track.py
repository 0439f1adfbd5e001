"""GPX files, sound and broken, as a track to play."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.errors import VigieError
from vigie.paths import DEMO, ROOT
from vigie.phone.gpx import Point, read_points
from vigie.phone.track import DEFAULT_ACCURACY_M, Track, load_track, make_track

MOJSTROVKA = ROOT / "tests" / "vectors" / "tracks" / "mojstrovka.gpx"
KORITA = DEMO / "korita-zbevnica.gpx"


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "track.gpx"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def gpx(*points: str) -> str:
    """Its first point is in line 4."""
    lines = ['<?xml version="1.0"?>', "<gpx>", "<trk><trkseg>", *points, "</trkseg></trk></gpx>"]
    return "\n".join(lines)


def point(lat: float = 45.0, lon: float = 14.0, inside: str = "") -> str:
    return f'<trkpt lat="{lat}" lon="{lon}">{inside}</trkpt>'


def at(time: str, lat: float = 45.0) -> str:
    return point(lat, inside=f"<time>{time}</time>")


def times(folder: Path, *points: str) -> tuple[list[float], bool]:
    track = load_track(write(folder, gpx(*points)))
    return [round(fix.t_s, 3) for fix in track.fixes], track.times_are_guessed


@pytest.mark.parametrize(("path", "count"), [(KORITA, 871), (MOJSTROVKA, 184)])
def test_real_files_give_all_their_points(path: Path, count: int) -> None:
    assert path.read_text().count("<trkpt") == count
    assert len(read_points(path)) == count


def test_times_of_the_year_1901_are_replaced_by_a_walk() -> None:
    track = load_track(MOJSTROVKA)
    assert track.times_are_guessed
    assert track.fixes[0].t_s == 0
    assert track.duration_s == pytest.approx(2248, abs=1)  # 2.7 km at 1.2 m/s


def test_a_file_with_times_in_its_second_half_keeps_those() -> None:
    track = load_track(KORITA)
    assert track.times_are_guessed
    assert track.fixes[-1].t_s - track.fixes[-337].t_s == pytest.approx(
        8541
    )  # 10:57:10 to 13:19:31


def test_recorded_times_are_kept(tmp_path: Path) -> None:
    assert times(
        tmp_path,
        at("2026-03-29T01:59:50Z"),
        at("2026-03-29T02:00:00.5Z"),
        at("2026-03-29T04:00:10+02:00"),
        at("2026-03-29T02:01:00"),
    ) == ([0, 10.5, 20, 70], False)


@pytest.mark.parametrize(
    "time",
    [
        "",
        "yesterday",
        "2026-13-45T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-03-01T10:05:00+99:99",
        "2026-03-01T10:00:00Z",  # the same again
        "2026-03-01T09:59:59Z",  # going back
        "2026-03-03T10:00:00Z",  # two days later
        "2026-03-01T10:00:00.1Z",  # a kilometre a second
    ],
)
def test_a_step_without_usable_time_takes_as_long_as_walking(tmp_path: Path, time: str) -> None:
    first = at("2026-03-01T10:00:00Z")
    found, guessed = times(tmp_path, first, at(time, 45.001))
    assert guessed
    assert found == [0, pytest.approx(111.2 / 1.2, abs=0.1)]


def test_accuracy_comes_from_the_dilution_of_precision(tmp_path: Path) -> None:
    inside = [
        "",
        "<hdop>2</hdop>",
        "<pdop>3</pdop><hdop>1.5</hdop>",
        "<pdop>3</pdop>",
        "<hdop>-1</hdop>",
        "<hdop>nan</hdop><pdop>inf</pdop>",
        "<hdop>1e300</hdop>",
        "<extensions><hdop>9</hdop></extensions>",
    ]
    track = load_track(write(tmp_path, gpx(*(point(inside=text) for text in inside))))
    default = DEFAULT_ACCURACY_M
    assert [fix.accuracy_m for fix in track.fixes] == [
        *[default, 10, 7.5, 15, default, default, 500, default]
    ]


def test_a_route_will_do_when_there_is_no_track(tmp_path: Path) -> None:
    route = '<rte><rtept lat="2" lon="3"/></rte>'
    text = f'<gpx><wpt lat="1" lon="1"/>{route}</gpx>'
    (fix,) = load_track(write(tmp_path, text)).fixes
    assert (fix.lat, fix.lon, fix.t_s) == (2, 3, 0)


def test_the_ends_of_the_earth_are_on_it(tmp_path: Path) -> None:
    track = load_track(write(tmp_path, gpx(point(90, 180), point(-90, -180))))
    assert [(fix.lat, fix.lon) for fix in track.fixes] == [(90, 180), (-90, -180)]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    text = f"<gpx><name>é</name><trk><trkseg>{point()}</trkseg></trk></gpx>"
    assert len(load_track(write(tmp_path, text.encode("utf-8-sig"))).fixes) == 1


BOMB = """<?xml version="1.0"?>
<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<gpx><trk><name>&c;</name></trk></gpx>"""


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "FILE: is empty"),
        ("lat,lon\n1,2\n", "FILE:1: is not XML: syntax error"),
        (b"\x89PNG\r\n", "FILE:1: is not XML: not well-formed"),
        (gpx(point())[:-10], "FILE:5: is not XML: unclosed token"),
        ("<kml/>", "FILE:1: is XML, but not GPX: it begins with <kml>"),
        ("<html>\n<gpx/></html>", "FILE:1: is XML, but not GPX: it begins with <html>"),
        (gpx(), "FILE: holds no track point"),
        ('<gpx><wpt lat="1" lon="1"/></gpx>', "FILE: holds no track point"),
        (gpx(point(), point(lat=90.1)), "FILE:5: lat='90.1' of a point is beyond 90 degrees"),
        (gpx(point(lon=-180.5)), "FILE:4: lon='-180.5' of a point is beyond 180 degrees"),
        (gpx(point(lat=float("nan"))), "FILE:4: lat='nan' of a point is beyond 90 degrees"),
        (gpx('<trkpt lat="x" lon="1"/>'), "FILE:4: lat='x' of a point is not a number"),
        (gpx('<trkpt lat="1"/>'), "FILE:4: lon='' of a point is not a number"),
        (BOMB, "FILE:2: has a document type definition"),
        (BOMB.replace("1.0", "1.0", 1).encode("utf-16"), "FILE:2: has a document type definition"),
        ("<gpx>" + "<a>" * 1000, "FILE:1: is nested too deep"),
        (gpx(point(inside="<hdop>bad</hdop>")), "FILE: Invalid value for <hdop>... bad"),
        (
            "<?xml version='1.0' encoding='iso-8859-1'?><gpx>é</gpx>".encode("latin-1"),
            "FILE: is not UTF-8 text",
        ),
        ("<?xml version='1.0' encoding='bogus'?><gpx/>", "FILE:1: unknown encoding: bogus"),
        ("<?xml version='1.0' encoding='shift_jis'?><gpx/>", "FILE:1: multi-byte encodings are"),
    ],
)
def test_files_that_are_no_track(tmp_path: Path, content: str | bytes, error: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(VigieError) as caught:
        load_track(path)
    assert str(caught.value).replace(str(path), "FILE").startswith(error)
    assert "demo/korita-zbevnica.gpx" in caught.value.hint


def test_no_file_a_folder_and_an_oversized_file(tmp_path: Path) -> None:
    with pytest.raises(VigieError, match="no such file"):
        load_track(tmp_path / "missing.gpx")
    with pytest.raises(VigieError, match="is a folder, not a GPX file"):
        load_track(tmp_path)
    huge = tmp_path / "huge.gpx"
    with huge.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    with pytest.raises(VigieError, match="is larger than 20 MiB, too large for a GPX file"):
        load_track(huge)


POINTS = st.lists(
    st.builds(
        Point,
        st.floats(-90, 90),
        st.floats(-180, 180),
        st.none() | st.floats(3e8, 2e9),
        st.none() | st.floats(0.1, 200),
        st.none(),
    ),
    min_size=1,
    max_size=20,
)


@settings(deadline=None)
@given(POINTS)
def test_every_track_begins_at_zero_and_never_goes_back(points: list[Point]) -> None:
    track = make_track(points)
    t_s = [fix.t_s for fix in track.fixes]
    assert t_s[0] == 0
    assert t_s == sorted(t_s)
    assert [(fix.lat, fix.lon) for fix in track.fixes] == [(p.lat, p.lon) for p in points]
    assert all(0 < fix.accuracy_m <= 500 for fix in track.fixes)


@settings(deadline=None)
@given(POINTS, st.floats(0, 1e6))
def test_at_gives_the_last_fix_so_far(points: list[Point], t_s: float) -> None:
    track: Track = make_track(points)
    assert track.at(t_s) == [fix for fix in track.fixes if fix.t_s <= t_s][-1]
