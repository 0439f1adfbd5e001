"""Full disks, damaged chunks, forgers and late buttons: told, never fatal, and the truth stays."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from button.core.recording import STOPPED, Chain, Chunk, final
from button.core.wire import AudioPart, EventId
from tests.unit.phone.evidence.recordings import ID, NOON, RATE_HZ, chunks, deliver, stream, tone
from vigie.errors import VigieError
from vigie.phone.evidence import audio, manifest
from vigie.phone.evidence.inbox import REST_MOST, SILENT_MOST, Inbox
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.evidence.stream import Kind, read
from vigie.phone.evidence.verify import verify

MADE = chunks(tone(1.2))
OTHER_BOOT = bytes(8)
SOME = timedelta(seconds=20)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def folder(tmp_path: Path) -> Path:
    return tmp_path / repr(ID)


def no_room(*_: object) -> None:
    raise VigieError("no room", "Make some.")


def test_a_disk_that_is_full_when_it_is_rendered_is_told_and_tried_again(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    closed: list[Manifest] = []
    inbox.on_trouble = lambda recording, why: told.append(why)
    inbox.on_closed = lambda recording, made: closed.append(made)
    with monkeypatch.context() as patch:
        patch.setattr(audio, "write_pcm", no_room)
        deliver(inbox, MADE)
        inbox.settle(NOON, None)
    assert len(told) == 1
    assert "no room" in told[0]
    assert not closed
    inbox.settle(NOON, None)
    assert len(closed) == 1
    assert verify(folder(tmp_path)).is_sound


def test_what_a_full_disk_left_of_a_chunk_is_cut_off_before_the_next_try(
    inbox: Inbox, tmp_path: Path
) -> None:
    deliver(inbox, MADE[:2])
    with (folder(tmp_path) / "stream.vig").open("ab") as f:
        f.write(MADE[2].pack()[:1000])
    deliver(inbox, MADE[2:])
    assert (folder(tmp_path) / "stream.vig").read_bytes() == stream(MADE)
    assert verify(folder(tmp_path)).is_sound


def damaged() -> list[Chunk]:
    first, last = MADE[0], MADE[-1]
    index_that_cannot_be = bytes([*first.payload[:2], 89, *first.payload[3:]])
    again = {name: getattr(first, name) for name in vars(first)}
    return [
        Chunk(**{**again, "payload": index_that_cannot_be}),
        Chunk(**{**again, "payload": b"ab"}),
        Chunk(**{**again, "count": 5000}),
        Chunk(**{**{n: getattr(last, n) for n in vars(last)}, "index": 0, "payload": b"short"}),
    ]


@pytest.mark.parametrize("chunk", damaged())
def test_a_chunk_that_could_not_be_heard_is_not_kept(
    inbox: Inbox, tmp_path: Path, chunk: Chunk
) -> None:
    assert deliver(inbox, [chunk]) in ([], [0])
    assert not folder(tmp_path).exists()


def test_nothing_is_added_to_a_recording_that_is_closed(inbox: Inbox, tmp_path: Path) -> None:
    deliver(inbox, MADE)
    before = (folder(tmp_path) / "stream.vig").read_bytes()
    more = chunks(tone(2.5))[len(MADE)]
    assert more.index == len(MADE)
    deliver(inbox, [more])
    assert (folder(tmp_path) / "stream.vig").read_bytes() == before
    assert (folder(tmp_path) / "manifest.json").exists()


def test_bytes_behind_a_chunk_are_not_kept(inbox: Inbox, tmp_path: Path) -> None:
    raw = MADE[1].pack()[:500] + b"junk"
    inbox.take(AudioPart(ID, 0, 0, len(raw), raw), NOON)
    assert not folder(tmp_path).exists()


def test_parts_alone_make_no_folders(inbox: Inbox, tmp_path: Path) -> None:
    for n in range(50):
        inbox.take(AudioPart(EventId(b"abcdefgh", n), 0, 0, 2000, bytes(200)), NOON)
    assert not list(tmp_path.iterdir())


def reseal(where: Path, **changes: object) -> None:
    described, _ = manifest.read(where)
    manifest.write(replace(described, **changes), where)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "change",
    [
        {"ended": "storage full"},
        {"seconds": 3.5},
        {"before_press_s": 1.0},
        {"button_from_ms": 4000},
        {"button_until_ms": 9000},
        {"rate_hz": 8000},
        {"gaps": (manifest.Gap(1, 2, 3),)},
        {"samples": 5},
        {"lost": 5},
        {"chunks": 4},
        {"recording": "0000000000000000-1"},
    ],
)
def test_a_description_that_somebody_wrote_anew_is_found_out(
    inbox: Inbox, tmp_path: Path, change: dict[str, object]
) -> None:
    deliver(inbox, MADE)
    reseal(folder(tmp_path), **change)
    flaws = verify(folder(tmp_path)).flaws
    assert f"{next(iter(change))} is " in " ".join(f.what for f in flaws)


@pytest.mark.parametrize("name", ["adpcm.wav", "audio.wav", "audio.flac"])
@pytest.mark.parametrize("listed", [True, False])
def test_a_rendering_of_another_sound_is_found_out(
    inbox: Inbox, tmp_path: Path, name: str, listed: bool
) -> None:
    deliver(inbox, MADE)
    other = Inbox(tmp_path / "other")
    deliver(other, chunks(tone(1.2)[::-1]))
    where = folder(tmp_path)
    (where / name).write_bytes((tmp_path / "other" / repr(ID) / name).read_bytes())
    files = dict(manifest.read(where)[0].files)
    files[name] = manifest.file_hash(where / name)
    if not listed:
        del files[name]
    reseal(where, files=files)
    assert name in {f.where for f in verify(where).flaws}


def test_what_was_lost_before_the_end_is_told(inbox: Inbox, tmp_path: Path) -> None:
    chain = Chain(ID)
    for chunk in MADE[:-1]:
        chain.add(chunk.header(), chunk.payload)
    samples = sum(c.count for c in MADE[:-1])
    last = final(chain, ID, RATE_HZ, 9000, STOPPED, len(MADE) - 1, samples, 8000, 8000)
    deliver(inbox, [*MADE[:-1], last])
    verdict = verify(folder(tmp_path))
    assert [f.kind for f in verdict.flaws] == [Kind.GAP]
    assert verdict.manifest.lost == 8000
    assert verdict.manifest.gaps[-1].samples == 8000
    assert verdict.manifest.seconds == pytest.approx((samples + 8000) / RATE_HZ, abs=0.001)
    forged = final(chain, ID, RATE_HZ, 9000, STOPPED, len(MADE) - 1, samples, 0, 8000)
    assert Kind.CHANGED in {f.kind for f in read(stream([*MADE[:-1], forged])).flaws}


def test_a_recording_that_waited_is_dated_by_the_buttons_clock(
    inbox: Inbox, tmp_path: Path
) -> None:
    later = NOON + timedelta(hours=1)
    inbox.met(ID.boot_id, later, 3605)  # so it began to run five seconds before noon
    deliver(inbox, MADE, later)
    described, _ = manifest.read(folder(tmp_path))
    assert described.begun_at.startswith("2026-03-14T12:00:00")  # 5 s into its life


def test_a_button_that_is_silent_leaves_a_recording_that_is_cut_off(
    inbox: Inbox, tmp_path: Path
) -> None:
    deliver(inbox, MADE[:3])
    inbox.settle(NOON + SILENT_MOST - timedelta(seconds=1), None)
    assert not inbox.all_settled
    inbox.settle(NOON + SILENT_MOST + SOME, None)
    assert inbox.all_settled
    assert manifest.read(folder(tmp_path))[0].ended == "cut off"
    assert verify(folder(tmp_path)).is_unchanged_so_far
    deliver(inbox, MADE[3:])
    assert manifest.read(folder(tmp_path))[0].ended == "stopped"
    assert verify(folder(tmp_path)).is_sound


def test_a_button_that_was_restarted_sends_no_more_of_it(inbox: Inbox, tmp_path: Path) -> None:
    deliver(inbox, MADE[:3])
    inbox.settle(NOON + REST_MOST + SOME, ID.boot_id)
    assert not inbox.all_settled
    inbox.settle(NOON + REST_MOST + SOME, OTHER_BOOT)
    assert inbox.all_settled
    text = json.dumps(asdict(manifest.read(folder(tmp_path))[0]))
    assert "cut off" in text
