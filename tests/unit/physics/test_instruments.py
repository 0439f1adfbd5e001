"""Meters, people, the computer's ear, limits and results, on stand-ins."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vigie.bench.bench_file import MeterSpec
from vigie.bench.physics import ear, limits
from vigie.bench.physics.bounces import Bounces
from vigie.bench.physics.meter import LineMeter, measure, opened_meter
from vigie.bench.physics.person import AtTerminal
from vigie.bench.physics.results import Results
from vigie.errors import VigieError


class Line:
    """A port behind which something answers."""

    def __init__(self, *answers: bytes):
        self.asked: list[bytes] = []
        self.was_flushed = False
        self._answers: Iterator[bytes] = iter(answers)

    def write(self, data: bytes, /) -> int:
        self.asked.append(data)
        return len(data)

    def readline(self) -> bytes:
        return next(self._answers)

    def reset_input_buffer(self) -> None:
        self.was_flushed = True


def test_a_meter_is_asked_and_answers_in_amperes() -> None:
    line = Line(b"+8.125E-02\r\n")
    assert LineMeter(line).read_ma() == pytest.approx(81.25)
    assert line.asked == [b"MEAS:CURR:DC?\n"]


def test_a_meter_that_only_talks_is_not_asked_and_its_cut_first_line_is_dropped() -> None:
    line = Line(b"4 mA\n", b"CH1: 23.4 mA\n", b"CH1: 23.5 mA\n")
    meter = LineMeter(line, command="")
    assert [meter.read_ma(), meter.read_ma()] == pytest.approx([23.4, 23.5])
    assert line.was_flushed
    assert not line.asked


@pytest.mark.parametrize(
    ("said", "ma"),
    [
        ("CH1: 23.4 mA", 23.4),
        ("I=0.0234A", 23.4),
        ("CURR 81 uA", 0.081),
        ("81 \u00b5A", 0.081),
        ("-.5", -500.0),
        ("+8.125E-02", 81.25),
    ],
)
def test_a_label_and_a_unit_are_understood(said: str, ma: float) -> None:
    assert LineMeter(Line(said.encode())).read_ma() == pytest.approx(ma)


@pytest.mark.parametrize(
    "said",
    [b"", b"OVERLOAD\n", b"2026-01-31 12:00:05 23.4 mA\n", b"23.4 mV\n", b"23.4 MA\n",
     b"U: 3.3\n", b"23.4 mA 3.3 V\n", b"\xff23.4\n"],
)  # fmt: skip
def test_what_is_no_number_is_a_message(said: bytes) -> None:
    with pytest.raises(VigieError, match="that is no current"):
        LineMeter(Line(said)).read_ma()


def test_a_meter_that_is_not_there_is_a_message() -> None:
    with (
        pytest.raises(VigieError, match="The meter's port /dev/does-not-exist cannot be opened"),
        opened_meter(MeterSpec("/dev/does-not-exist")),
    ):
        pass


def test_readings_are_summed_up() -> None:
    line = Line(b"0.01\n", b"0.03\n", b"0.02\n")
    clock = iter([0.0, 0.5, 0.9, 1.0])
    drawn = measure(LineMeter(line), 1.0, lambda: next(clock))
    assert (drawn.readings, drawn.mean_ma, drawn.most_ma) == (3, pytest.approx(20), 30.0)


def test_a_person_reads_an_instrument_and_is_asked_again() -> None:
    screen = io.StringIO()
    person = AtTerminal(screen, io.StringIO("\nloud\n\n87,5 dB\n"))
    person.do("Hold the meter")
    assert person.reads("What does it show") == 87.5
    assert "'loud' is no number" in screen.getvalue()
    with pytest.raises(EOFError):
        person.reads("And now")


def test_without_its_library_the_ear_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(VigieError, match=r"\[physics\]"):
        ear.listen("UMIK", 0.1)


def test_a_limit_says_its_figure_its_side_and_its_source() -> None:
    assert limits.SIREN_NEAR.met_by(87.0)
    assert not limits.SIREN_NEAR.met_by(86.9)
    assert not limits.BOOT.met_by(836)
    told = limits.BOOT.told(900.0)
    assert "900.0 ms, at most 835 ms" in told
    assert limits.BOOT.source in told


def test_results_are_kept_with_their_board_and_replaced(tmp_path: Path) -> None:
    results = Results(tmp_path / "hil", "virtual")
    results.keep("boot", ms=1)
    kept = json.loads(results.keep("boot", figures=Bounces(1, 2, 3, 4, 5, 6)).read_text())
    assert (kept["what"], kept["board"], kept["figures"]["presses"]) == ("boot", "virtual", 1)
    with pytest.raises(TypeError):
        results.keep("boot", ms=object())
