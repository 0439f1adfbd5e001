"""How loud the siren is, near and a step away, and whether it sounds at its resonance."""

import asyncio

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
    phone.sound_siren(True)
    heard = await asyncio.to_thread(listen, microphone.device, LISTEN_S)
    phone.sound_siren(False)
    level = levels.spl(levels.level_dbfs(heard), microphone.full_scale_dbspl)
    hz = levels.loudest_hz(heard, RATE_HZ)
    results.keep(f"siren_{place.replace(' ', '_')}", level_dbspl=level, loudest_hz=hz,
                 limit=limit.value, source=limit.source)  # fmt: skip
    assert limit.met_by(level), limit.told(level)
    # The sweep goes from 80 to 128 % (button.core.patterns); the loudest is where it resonates.
    assert hz == pytest.approx(board_spec.siren.resonance_hz, rel=0.28)


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
    await asyncio.to_thread(person.do, f"Hold the sound level meter (A, slow) {place} away")
    phone.sound_siren(True)
    level = await asyncio.to_thread(person.reads, "What does it show, in dB")
    phone.sound_siren(False)
    results.keep(f"siren_read_{place.replace(' ', '_')}", level_dba=level,
                 limit=limit.value, source=limit.source)  # fmt: skip
    assert limit.met_by(level), limit.told(level)
