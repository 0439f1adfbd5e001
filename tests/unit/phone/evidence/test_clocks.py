"""When a recording began: as early as the phone can know it, and it says how sure that is."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.phone.evidence.recordings import ID, NOON, chunks, deliver, tone
from vigie.phone.evidence import clocks, manifest, report
from vigie.phone.evidence.clocks import Clocks
from vigie.phone.evidence.inbox import SILENT_MOST, Inbox
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.evidence.verify import verify

MADE = chunks(tone(1.2))
HOUR = timedelta(hours=1)
BOOTED = NOON - timedelta(seconds=5)
"""So that the sound, which begins five seconds after that, begins at noon."""


def folder(tmp_path: Path) -> Path:
    return tmp_path / repr(ID)


def described(tmp_path: Path) -> Manifest:
    return manifest.read(folder(tmp_path))[0]


def test_a_phone_that_never_met_the_boot_says_that_it_may_have_begun_before(
    tmp_path: Path,
) -> None:
    deliver(Inbox(tmp_path), MADE, NOON + HOUR)
    assert described(tmp_path).begun_is_latest
    assert datetime.fromisoformat(described(tmp_path).begun_at) > NOON + timedelta(minutes=59)
    assert "at the latest" in report.text(verify(folder(tmp_path)))


def test_a_phone_that_met_the_boot_is_sure(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.met(ID.boot_id, NOON + HOUR, 3605)
    deliver(inbox, MADE, NOON + HOUR)
    assert datetime.fromisoformat(described(tmp_path).begun_at) == NOON
    assert not described(tmp_path).begun_is_latest
    verdict = verify(folder(tmp_path))
    assert verdict.is_sound
    assert "at the latest" not in report.text(verdict)
    assert "word alone" in report.text(verdict)


def test_another_boot_tells_nothing(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.met(b"another!", NOON, 3605)
    deliver(inbox, MADE, NOON + HOUR)
    assert described(tmp_path).begun_is_latest


def test_the_earliest_of_all_that_was_said_counts(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for late_s, uptime_s in ((9, 0), (2, 0), (60, 55)):
        inbox.met(ID.boot_id, BOOTED + timedelta(seconds=late_s), uptime_s)
    deliver(inbox, MADE, NOON + HOUR)
    assert datetime.fromisoformat(described(tmp_path).begun_at) == NOON + timedelta(seconds=2)


def test_a_phone_that_starts_again_still_knows_the_boot(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.met(ID.boot_id, NOON + HOUR, 3605)
    deliver(inbox, MADE[:2], NOON + HOUR)
    deliver(Inbox(tmp_path), MADE[2:], NOON + 2 * HOUR)
    assert datetime.fromisoformat(described(tmp_path).begun_at) == NOON
    assert datetime.fromisoformat(described(tmp_path).received_from) == NOON + HOUR


def test_a_phone_that_starts_again_still_knows_the_quickest_chunk(tmp_path: Path) -> None:
    deliver(Inbox(tmp_path), MADE[:2])
    deliver(Inbox(tmp_path), MADE[2:], NOON + HOUR)
    assert datetime.fromisoformat(described(tmp_path).begun_at) == NOON


def test_what_the_button_says_while_it_comes_in_is_kept_at_once(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    deliver(inbox, MADE[:2], NOON + HOUR)
    inbox.met(ID.boot_id, NOON + HOUR, 3605)
    Inbox(tmp_path).settle(NOON + HOUR + SILENT_MOST + timedelta(seconds=10), None)
    assert datetime.fromisoformat(described(tmp_path).begun_at) == NOON
    assert not described(tmp_path).begun_is_latest


def test_once_it_is_closed_they_are_in_the_manifest_and_nowhere_else(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    deliver(inbox, MADE[:2])
    assert (folder(tmp_path) / clocks.FILE).exists()
    deliver(inbox, MADE[2:])
    assert not (folder(tmp_path) / clocks.FILE).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"first_at": 3}', '{"first_at": "x"}'])
def test_clocks_that_are_damaged_are_not_known(tmp_path: Path, text: str) -> None:
    (tmp_path / clocks.FILE).write_text(text)
    assert clocks.read(tmp_path) == Clocks()


@pytest.mark.parametrize(
    "change",
    [
        {"begun_at": "2020-01-01T00:00:00.000+00:00"},
        {"begun_at": "2026-03-14T12:00:00"},
        {"begun_at": ""},
        {"received_until": "2020-01-01T00:00:00.000+00:00"},
        {"clocks_apart_ms": 5},
    ],
    ids=str,
)
def test_wall_times_that_contradict_one_another_are_found_out(
    tmp_path: Path, change: dict[str, object]
) -> None:
    inbox = Inbox(tmp_path)
    inbox.met(ID.boot_id, NOON + HOUR, 3605)
    deliver(inbox, MADE, NOON + HOUR)
    file = folder(tmp_path) / manifest.FILE
    fields = json.loads(file.read_text())
    del fields["sha256_of_this"]
    fields["gaps"] = tuple(fields["gaps"])
    manifest.write(Manifest(**{**fields, **change}), folder(tmp_path))
    assert "its times do not fit" in " ".join(f.what for f in verify(folder(tmp_path)).flaws)


DELAYS = st.lists(st.integers(0, 10**7), min_size=1, max_size=8)


@given(DELAYS, DELAYS)
def test_it_never_claims_that_it_began_before_it_did(air_ms: list[int], met_ms: list[int]) -> None:
    known = Clocks()
    for i, late_ms in enumerate(air_ms):
        heard_ms = 5000 + 250 * i
        known.chunk_came(BOOTED + timedelta(milliseconds=heard_ms + late_ms), heard_ms)
    for late_ms in met_ms:
        known.met(BOOTED + timedelta(milliseconds=late_ms))
    begun = known.begun_at(5000)
    assert begun is not None
    late = min(*air_ms, *met_ms) if len(air_ms + met_ms) > 1 else air_ms[0]
    assert begun == NOON + timedelta(milliseconds=min(late, air_ms[0]))
