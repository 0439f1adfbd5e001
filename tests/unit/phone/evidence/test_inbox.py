"""What the phone says it has is on its disk, whatever comes, comes twice, or is cut off."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from button.core.wire import AudioPart, EventId
from tests.unit.phone.evidence.recordings import (
    ID,
    NOON,
    RATE_HZ,
    chunks,
    deliver,
    parts,
    stream,
    tone,
)
from vigie.errors import VigieError
from vigie.phone.evidence.inbox import Inbox
from vigie.phone.evidence.manifest import Gap, Manifest
from vigie.phone.evidence.verify import verify


@pytest.fixture
def closed() -> list[Manifest]:
    return []


@pytest.fixture
def inbox(tmp_path: Path, closed: list[Manifest]) -> Inbox:
    inbox = Inbox(tmp_path)
    inbox.on_closed = lambda recording, manifest: closed.append(manifest)
    return inbox


def folder(tmp_path: Path) -> Path:
    return tmp_path / repr(ID)


def test_a_recording_comes_in_whole(inbox: Inbox, tmp_path: Path, closed: list[Manifest]) -> None:
    made = chunks(tone(1.3), before_press=2)
    assert deliver(inbox, made) == list(range(1, len(made) + 1))
    assert (folder(tmp_path) / "stream.vig").read_bytes() == stream(made)
    (manifest,) = closed
    assert manifest.recording == repr(ID)
    assert manifest.samples == round(1.3 * RATE_HZ)
    assert manifest.chunks == len(made)
    assert manifest.ended == "stopped"
    assert manifest.before_press_s == pytest.approx(2 * 4089 / RATE_HZ, abs=0.001)
    assert manifest.button_from_ms == 5000
    assert verify(folder(tmp_path)).is_sound


def test_the_renderings_sound_like_what_was_heard(inbox: Inbox, tmp_path: Path) -> None:
    sound = tone(1.0)
    deliver(inbox, chunks(sound))
    for name in ("audio.wav", "audio.flac", "adpcm.wav"):
        heard, rate_hz = soundfile.read(folder(tmp_path) / name, dtype="int16")
        assert rate_hz == RATE_HZ
        error = heard[: len(sound)].astype(float) - sound
        assert 10 * np.log10(np.mean(sound.astype(float) ** 2) / np.mean(error**2)) > 25


def test_gaps_are_silence_and_are_told(
    inbox: Inbox, tmp_path: Path, closed: list[Manifest]
) -> None:
    deliver(inbox, chunks(tone(1.0), gaps={2: 1600}))
    assert closed[0].gaps == (Gap(chunk=2, at_sample=2 * 4089, samples=1600),)
    assert closed[0].lost == 1600
    heard, _ = soundfile.read(folder(tmp_path) / "audio.wav", dtype="int16")
    assert not heard[2 * 4089 : 2 * 4089 + 1600].any()
    verdict = verify(folder(tmp_path))
    assert verdict.is_unchanged
    assert not verdict.is_sound


def test_what_comes_twice_is_kept_once_and_answered_again(inbox: Inbox, tmp_path: Path) -> None:
    made = chunks(tone(0.6))
    deliver(inbox, made[:2])
    assert deliver(inbox, made[:1]) == [2]
    deliver(inbox, made[2:])
    assert (folder(tmp_path) / "stream.vig").read_bytes() == stream(made)


def test_a_chunk_with_a_part_missing_is_not_kept(inbox: Inbox, tmp_path: Path) -> None:
    first, second, *_ = chunks(tone(0.6))
    for i, part in enumerate(parts(first)):
        if i != 3:
            assert inbox.take(part, NOON) is None
    assert not (folder(tmp_path) / "stream.vig").exists()
    assert deliver(inbox, [first, second]) == [1, 2]


def test_a_chunk_ahead_of_one_that_is_missing_is_answered_with_where_we_are(inbox: Inbox) -> None:
    made = chunks(tone(0.9))
    deliver(inbox, made[:1])
    assert deliver(inbox, made[2:3]) == [1]


def test_parts_that_make_no_chunk_are_not_kept(inbox: Inbox, tmp_path: Path) -> None:
    assert inbox.take(AudioPart(ID, 0, 0, 7, b"garbage"), NOON) == 0
    other = replace_recording(EventId(b"somebody", 1))
    assert inbox.take(other, NOON) == 0
    assert not (folder(tmp_path) / "stream.vig").exists()


def replace_recording(recording: EventId) -> AudioPart:
    raw = chunks(tone(0.1), recording=recording)[0].pack()
    return AudioPart(ID, 0, 0, len(raw), raw)


def test_a_phone_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    made = chunks(tone(1.3))
    deliver(Inbox(tmp_path), made[:3])
    stream_file = folder(tmp_path) / "stream.vig"
    with stream_file.open("ab") as f:
        f.write(made[3].pack()[:700])  # killed in the middle of writing
    closed: list[Manifest] = []
    again = Inbox(tmp_path)
    again.on_closed = lambda recording, manifest: closed.append(manifest)
    assert deliver(again, made[2:3]) == [3]
    deliver(again, made[3:])
    assert stream_file.read_bytes() == stream(made)
    assert len(closed) == 1
    assert verify(folder(tmp_path)).is_sound


def test_a_phone_that_was_killed_before_the_manifest_writes_it_later(tmp_path: Path) -> None:
    made = chunks(tone(0.6))
    deliver(Inbox(tmp_path), made)
    (folder(tmp_path) / "manifest.json").unlink()
    closed: list[Manifest] = []
    again = Inbox(tmp_path)
    again.on_closed = lambda recording, manifest: closed.append(manifest)
    assert deliver(again, made[-1:]) == [len(made)]
    assert len(closed) == 1


def test_a_recording_is_closed_once(tmp_path: Path) -> None:
    made = chunks(tone(0.6))
    deliver(Inbox(tmp_path), made)
    closed: list[Manifest] = []
    again = Inbox(tmp_path)
    again.on_closed = lambda recording, manifest: closed.append(manifest)
    deliver(again, made)
    assert not closed


def test_a_disk_that_takes_nothing_is_told_and_nothing_is_acknowledged(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(VigieError, match="cannot be kept"):
        deliver(Inbox(tmp_path / "file"), chunks(tone(0.1)))


def test_a_recording_without_any_sound_is_a_recording(
    inbox: Inbox, tmp_path: Path, closed: list[Manifest]
) -> None:
    deliver(inbox, chunks([]))
    assert closed[0].samples == 0
    assert verify(folder(tmp_path)).is_sound


def test_the_manifest_can_be_read_by_programs(inbox: Inbox, tmp_path: Path) -> None:
    deliver(inbox, chunks(tone(0.3)))
    told = json.loads((folder(tmp_path) / "manifest.json").read_text())
    assert told["begun_at"] < told["received_until"]
    assert set(told["files"]) == {"stream.vig", "audio.wav", "audio.flac", "adpcm.wav"}


def test_a_fingerprint_can_be_read_out(inbox: Inbox, closed: list[Manifest]) -> None:
    deliver(inbox, chunks(tone(0.3)))
    manifest = replace(closed[0], chain_head="0123456789abcdef" * 4)
    assert manifest.fingerprint == "0123-4567-89ab-cdef"
