"""Nothing that is done to a recording goes unnoticed, and what was done is named."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from button.core.recording import INTERRUPTED
from button.core.wire import EventId
from tests.unit.phone.evidence.recordings import ID, chunks, deliver, stream, tone
from vigie.errors import VigieError
from vigie.phone.evidence import report
from vigie.phone.evidence.inbox import Inbox
from vigie.phone.evidence.mutations import KINDS, mutate
from vigie.phone.evidence.stream import Kind, read
from vigie.phone.evidence.verify import verify

MADE = chunks(tone(1.6), gaps={3: 800})
WHOLE = stream(MADE)


def kinds(data: bytes) -> set[Kind]:
    return {f.kind for f in read(data).flaws} - {Kind.GAP}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    deliver(Inbox(tmp_path), chunks(tone(1.6)))
    return tmp_path / repr(ID)


def test_a_sound_stream_has_no_flaw_but_the_gap_it_tells_of() -> None:
    reading = read(WHOLE)
    assert [f.kind for f in reading.flaws] == [Kind.GAP]
    assert "800 samples (0.050 s) before chunk 3" in reading.flaws[0].what


def test_a_flipped_bit_is_named_with_its_chunk() -> None:
    data = bytearray(WHOLE)
    data[2 * 2102 + 1000] ^= 4
    flaws = [f for f in read(bytes(data)).flaws if f.kind is Kind.CHANGED]
    assert "chunk 3 does not follow from what is before it" in flaws[0].what


def test_a_chunk_left_out_is_missing() -> None:
    reading = read(stream([c for c in MADE if c.index != 2]))
    assert "chunk 2 is not there" in [f.what for f in reading.flaws]
    assert {Kind.MISSING, Kind.CHANGED} <= {f.kind for f in reading.flaws}


def test_chunks_that_changed_places_are_moved() -> None:
    swapped = [MADE[0], MADE[2], MADE[1], *MADE[3:]]
    reading = read(stream(swapped))
    assert any(f.kind is Kind.MOVED and "chunk 1 stands" in f.what for f in reading.flaws)
    assert Kind.MISSING not in {f.kind for f in reading.flaws}


def test_chunks_put_in_are_named() -> None:
    assert Kind.INSERTED in kinds(stream([*MADE[:3], MADE[1], *MADE[3:]]))
    foreign = chunks(tone(0.3), recording=EventId(b"somebody", 1))
    assert Kind.INSERTED in kinds(stream([*MADE[:3], foreign[0], *MADE[3:]]))
    assert Kind.INSERTED in kinds(stream([*MADE, MADE[0]]))


def test_a_stream_cut_off_is_not_closed() -> None:
    assert kinds(WHOLE[: 3 * 2102]) == {Kind.NOT_CLOSED}
    assert Kind.NOT_CLOSED in kinds(WHOLE[: 3 * 2102 + 500])
    assert kinds(b"") == {Kind.NOT_CLOSED}


def test_a_clock_that_does_not_fit_the_samples_is_named() -> None:
    made = chunks(tone(1.0))
    made[2].heard_ms += 400
    assert Kind.CLOCK in kinds(stream(made))


def test_reading_goes_on_behind_rubbish() -> None:
    data = WHOLE[: 2 * 2102] + b"rubbish" * 50 + WHOLE[2 * 2102 :]
    reading = read(data)
    assert len(reading.data) == len(MADE) - 1
    assert Kind.CHANGED in {f.kind for f in reading.flaws}


@pytest.mark.parametrize("kind", KINDS)
def test_no_random_mutation_goes_unnoticed(kind: str) -> None:
    rng = random.Random(f"mutations {kind}")
    clean = stream(chunks(tone(1.1)))
    for _ in range(200):
        assert read(mutate(rng, clean, kind)).flaws


def test_a_sound_folder_is_complete_and_unchanged(folder: Path) -> None:
    verdict = verify(folder)
    assert verdict.is_sound
    assert "complete and unchanged" in report.text(verdict)


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (lambda f: flip(f / "stream.vig", 5000), "stream.vig: changed"),
        (lambda f: flip(f / "audio.wav", 5000), "audio.wav: changed"),
        (lambda f: flip(f / "audio.flac", 5000), "audio.flac: changed"),
        (lambda f: (f / "audio.flac").unlink(), "audio.flac: missing"),
        (lambda f: shutil.copy(f / "adpcm.wav", f / "audio.wav"), "audio.wav: changed"),
    ],
    ids=["stream", "wav", "flac", "no flac", "another file"],
)
def test_harm_to_a_file_is_named(folder: Path, harm: Callable[[Path], object], named: str) -> None:
    harm(folder)
    verdict = verify(folder)
    assert not verdict.is_sound
    assert any(named in str(f) for f in verdict.flaws), verdict.flaws


def test_a_changed_description_is_named(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace('"ended": "stopped"', '"ended": "interrupted"'))
    assert "manifest.json: changed" in str(verify(folder).flaws[0])


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"sha256_of_this": 1, "gaps": 3}'])
def test_what_is_no_manifest_is_refused_in_words(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(VigieError, match="no manifest"):
        verify(folder)


def test_a_folder_without_a_stream_is_refused_in_words(folder: Path) -> None:
    (folder / "stream.vig").unlink()
    with pytest.raises(VigieError, match="cannot be read"):
        verify(folder)


def test_a_recording_that_the_button_closed_after_a_loss_of_power_says_so(tmp_path: Path) -> None:
    deliver(Inbox(tmp_path), chunks(tone(0.5), reason=INTERRUPTED))
    verdict = verify(tmp_path / repr(ID))
    assert verdict.is_sound
    assert "ended            interrupted" in report.text(verdict)


def test_the_picture_shows_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{i}.png" for i in range(2)]
    for file in files:
        report.draw(verify(folder), file)
    assert files[0].read_bytes() == files[1].read_bytes()
