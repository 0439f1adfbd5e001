"""How well the button hears: by its own recordings, as they arrive at the phone."""

import asyncio

import pytest

from vigie.bench.bench_file import BenchSpec
from vigie.bench.phones import BenchPhone
from vigie.bench.physics import levels
from vigie.bench.physics.ear import RATE_HZ, play
from vigie.bench.physics.limits import NOISE
from vigie.bench.physics.own_recording import Heard, begin, end
from vigie.bench.physics.person import Person
from vigie.bench.physics.results import Results
from vigie.bench.physics.tones import sine
from vigie.bench.protocol import Board, Rig
from vigie.boards.spec import BoardSpec

pytestmark = pytest.mark.needs("hardware", "microphone", "press")
SECONDS = 6.0
TONE_HZ = 1000.0


async def heard_by(board: Board, rig: Rig, phone: BenchPhone) -> Heard:
    await phone.connect()
    await begin(rig, phone)
    await asyncio.sleep(SECONDS)
    return await end(phone, board.spec)


async def test_it_hears_less_noise_than_speech(
    board: Board, rig: Rig, phone: BenchPhone, board_spec: BoardSpec, results: Results
) -> None:
    """In a quiet room; what the room makes is in the figure."""
    heard = await heard_by(board, rig, phone)
    noise_dba = heard.spl(levels.weighted_dbfs(heard.settled, heard.rate_hz))
    results.keep("noise", noise_dba=noise_dba, noise_dbfs=levels.level_dbfs(heard.settled),
                 limit=NOISE.value, source=NOISE.source)  # fmt: skip
    assert levels.level_dbfs(heard.settled) > levels.SILENCE_DB, "digital silence: no microphone"
    assert NOISE.met_by(noise_dba), NOISE.told(noise_dba)


@pytest.mark.needs("listen", "person")
async def test_it_hears_a_tone_of_this_computer_at_its_frequency(
    board: Board,
    rig: Rig,
    phone: BenchPhone,
    hardware: BenchSpec,
    person: Person,
    results: Results,
) -> None:
    await asyncio.to_thread(person.do, "Put the button before this computer's loudspeaker")
    sounding = asyncio.create_task(
        asyncio.to_thread(play, 0.5 * sine(TONE_HZ, 2 * SECONDS + 10, RATE_HZ))
    )
    tone = await heard_by(board, rig, phone)
    await sounding
    hz = levels.loudest_hz(tone.settled, tone.rate_hz)
    level = levels.tone_dbfs(tone.settled, tone.rate_hz, TONE_HZ)
    results.keep("tone", hz=hz, level_dbfs=level, level_dbspl=tone.spl(level))
    assert hz == pytest.approx(TONE_HZ, rel=0.005), "the microphone's clock is wrong"
