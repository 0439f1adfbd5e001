"""How loud the siren is, near and a step away, and whether it sounds at its resonance."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from vigie.bench.bench_file import BenchSpec
from vigie.bench.phones import BenchPhone
from vigie.bench.physics import levels
from vigie.bench.physics.ear import RATE_HZ, listen
from vigie.bench.physics.limits import SIREN_FAR, SIREN_NEAR, Limit
from vigie.bench.physics.person import Person
from vigie.bench.physics.results import Results
from vigie.bench.protocol import Board
from vigie.boards.spec import BoardSpec

pytestmark = pytest.mark.needs("hardware", "person")
PLACES = pytest.mark.parametrize(
    ("limit", "place"), [(SIREN_NEAR, "10 cm"), (SIREN_FAR, "1 m")], ids=("near", "far")
)
LISTEN_S = 4.0
"""More than two turns of its sweep."""
STEP_S = 0.04
"""Of the sweep (button.core.patterns): a data sheet's level is that of one tone, at resonance."""
SWEEP = (0.80, 1.28)
"""From where to where it goes, by the resonance: the loudest is where the sounder resonates."""


@contextmanager
def sounding(phone: BenchPhone) -> Generator[None]:
    """Silent again whatever happens: nobody can stand it for ten minutes."""
    phone.sound_siren(True)
    try:
        yield
    finally:
        phone.sound_siren(False)


@pytest.mark.needs("listen")
@PLACES
async def test_it_is_as_loud_as_its_sounder_can_be(
    board: Board,
    phone: BenchPhone,
    hardware: BenchSpec,
    person: Person,
    results: Results,
    board_spec: BoardSpec,
    limit: Limit,
    place: str,
) -> None:
    assert hardware.microphone is not None
    microphone = hardware.microphone
    await phone.connect()
    await asyncio.to_thread(person.do, f"Hold the microphone {place} from the siren")
    with sounding(phone):
        heard = await asyncio.to_thread(listen, microphone.device, LISTEN_S)
    loudest = levels.loudest_window(heard, RATE_HZ, STEP_S)
    level = levels.spl(levels.level_dbfs(loudest), microphone.full_scale_dbspl)
    hz = levels.loudest_hz(loudest, RATE_HZ)
    results.keep(f"siren_{place.replace(' ', '_')}", level_dbspl=level, loudest_hz=hz,
                 limit=limit.value, source=limit.source)  # fmt: skip
    assert limit.met_by(level), limit.told(level)
    least_hz, most_hz = (share * board_spec.siren.resonance_hz for share in SWEEP)
    assert least_hz <= hz <= most_hz, "what was loudest is not the sweep"


@PLACES
async def test_a_sound_level_meter_says_that_it_is_loud_enough(
    board: Board,
    phone: BenchPhone,
    person: Person,
    results: Results,
    limit: Limit,
    place: str,
) -> None:
    await phone.connect()
    what = f"Hold the sound level meter (A, fast, maximum held) {place} away"
    await asyncio.to_thread(person.do, what)
    with sounding(phone):
        level = await asyncio.to_thread(person.reads, "What maximum does it show, in dB")
    results.keep(f"siren_read_{place.replace(' ', '_')}", level_dba=level,
                 limit=limit.value, source=limit.source)  # fmt: skip
    assert limit.met_by(level), limit.told(level)
