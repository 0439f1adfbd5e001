"""How well the button hears: by its own recordings, as they arrive at the phone."""

import asyncio

import pytest

from vigie.bench.bench_file import BenchSpec
from vigie.bench.phones import BenchPhone
from vigie.bench.physics import levels
from vigie.bench.physics.ear import RATE_HZ, play
from vigie.bench.physics.limits import LOST, NOISE
from vigie.bench.physics.own_recording import recorded
from vigie.bench.physics.person import Person
from vigie.bench.physics.results import Results
from vigie.bench.physics.tones import sine
from vigie.bench.protocol import Board, Rig

pytestmark = pytest.mark.needs("hardware", "microphone", "press")
SECONDS = 6.0
TONE_HZ = 1000.0


async def test_it_hears_less_noise_than_speech(
    board: Board, rig: Rig, phone: BenchPhone, results: Results
) -> None:
    """In a quiet room; what the room makes is in the figure."""
    await phone.connect()
    heard = await recorded(board.spec, rig, phone, SECONDS)
    noise_dbfs = levels.level_dbfs(heard.settled)
    noise_dba = heard.spl(levels.weighted_dbfs(heard.settled, heard.rate_hz))
    results.keep("noise", noise_dba=noise_dba, noise_dbfs=noise_dbfs, lost=heard.lost,
                 limit=NOISE.value, source=NOISE.source)  # fmt: skip
    assert LOST.met_by(heard.lost), LOST.told(heard.lost)
    assert noise_dbfs > levels.SILENCE_DB, "digital silence: no microphone"
    assert NOISE.met_by(noise_dba), NOISE.told(noise_dba)


@pytest.mark.needs("loudspeaker", "person")
async def test_it_hears_a_tone_of_this_computer_at_its_frequency(
    board: Board,
    rig: Rig,
    phone: BenchPhone,
    hardware: BenchSpec,
    person: Person,
    results: Results,
) -> None:
    """How loud the loudspeaker is nobody knows: level and SNR are kept and not judged."""
    await phone.connect()
    await asyncio.to_thread(person.do, "Put the button before this computer's loudspeaker")
    quiet = await recorded(board.spec, rig, phone, SECONDS)
    sound = 0.5 * sine(TONE_HZ, 2 * SECONDS + 10, RATE_HZ)
    sounding = asyncio.create_task(asyncio.to_thread(play, sound, hardware.loudspeaker))
    tone = await recorded(board.spec, rig, phone, SECONDS)
    await sounding
    hz = levels.loudest_hz(tone.settled, tone.rate_hz)
    level = levels.tone_dbfs(tone.settled, tone.rate_hz, TONE_HZ)
    lost = quiet.lost + tone.lost
    results.keep("tone", hz=hz, level_dbfs=level, level_dbspl=tone.spl(level), lost=lost,
                 snr_db=levels.snr_db(tone.settled, quiet.settled))  # fmt: skip
    assert LOST.met_by(lost), LOST.told(lost)
    assert hz == pytest.approx(TONE_HZ, rel=0.005), "the microphone's clock is wrong"
