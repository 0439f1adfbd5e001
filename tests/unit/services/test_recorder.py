"""What becomes of a recording when flash, phone, link and memory do what they do."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from button.core.wire import EventId
from button.services import live
from tests.unit.services.sound_rig import Button
from vigie.phone.evidence.stream import Kind
from vigie.phone.evidence.verify import verify

A, B = (EventId(b"12345678", n) for n in (1, 2))
ENOSPC = 28


def broken(*operations: str, name: str = "") -> Callable[[str, str], None]:
    def fail(operation: str, of: str) -> None:
        if operation in operations and name in of:
            raise OSError(ENOSPC)

    return fail


def recorded(button: Button, recording: EventId, seconds: float, *, phone: bool = False) -> None:
    button.recorder.start(recording)
    button.run(seconds, phone=phone)
    button.recorder.stop()
    button.run(3, phone=phone)


def test_flash_that_fails_at_the_end_is_tried_from_time_to_time(tmp_path: Path) -> None:
    button = Button(tmp_path)
    button.recorder.start(A)
    button.run(3, phone=False)
    button.flash.fail = broken("append", "replace")
    button.recorder.stop()
    before, lines = button.flash.writes, len(button.log)
    for _ in range(100):
        button.recorder.step()  # no time passes
    assert button.flash.writes - before <= 1
    assert len(button.log) - lines <= 2


def test_the_phone_gets_a_recording_although_flash_began_to_fail(tmp_path: Path) -> None:
    button = Button(tmp_path)
    button.recorder.start(A)
    button.run(3, phone=False)
    button.flash.fail = broken("append", "replace")
    button.run(20)
    button.recorder.stop()
    button.run(5)
    assert button.closed == [A]
    assert button.recorder.live is None


def test_a_word_of_the_phone_between_a_failed_write_and_the_next(tmp_path: Path) -> None:
    button = Button(tmp_path)
    button.recorder.start(A)
    button.hear(3)
    button.recorder.step()
    for _ in range(8):
        button.courier.step()  # on the air, not there yet
    button.ms += 1600
    button.flash.fail = broken("append")
    for _ in range(5):
        button.recorder.step()
    button.flash.fail = broken()
    button.deliver()
    button.run(5)
    button.recorder.stop()
    button.run(20)
    assert button.closed == [A]


def test_once_the_phone_has_caught_up_nothing_goes_to_flash(tmp_path: Path) -> None:
    button = Button(tmp_path)
    button.recorder.start(A)
    button.run(5, phone=False)
    button.run(5)
    writes = button.flash.writes
    button.run(20)
    assert button.flash.writes == writes


def test_all_recordings_together_stay_inside_the_quota(tmp_path: Path) -> None:
    button = Button(tmp_path, quota=64 * 1024)
    for n in range(1, 30):
        recorded(button, EventId(b"12345678", n), 5)
    assert sum(map(len, button.flash.files.values())) <= 64 * 1024 + 2048
    assert True in button.failed


def test_a_long_preroll_does_not_take_the_journals_room(tmp_path: Path) -> None:
    button = Button(tmp_path, blocks=36, preroll=32)
    button.flash.free = 65536 + 20 * 2102
    button.hear(36)
    recorded(button, A, 10)
    assert sum(map(len, button.flash.files.values())) <= 20 * 2102


def test_many_short_recordings_do_not_fill_the_heap_with_files(tmp_path: Path) -> None:
    button = Button(tmp_path)
    for n in range(1, 60):
        recorded(button, EventId(b"12345678", n), 2)
    assert len(button.flash.files) <= 16
    button.phone(tmp_path)
    button.run(60)
    assert len(button.closed) >= 15
    assert not button.flash.files


def test_a_phone_that_says_it_has_what_it_never_got_changes_nothing(tmp_path: Path) -> None:
    button = Button(tmp_path)
    button.recorder.start(A)
    button.hear(4)
    button.recorder.step()
    button.courier.acknowledged(A, 0xFFFFFFFF)
    assert button.recorder.live is not None
    assert len(button.recorder.live.unsaved) == 4


def test_another_phone_gets_what_is_whole(tmp_path: Path) -> None:
    button = Button(tmp_path / "first")
    button.recorder.start(A)
    button.run(5)
    button.run(5, phone=False)
    button.recorder.stop()
    button.run(3, phone=False)
    button.phone(tmp_path / "second")
    recorded(button, B, 5, phone=True)
    button.run(30)
    assert button.closed == [B]


def test_a_file_that_cannot_be_read_keeps_no_other(tmp_path: Path) -> None:
    button = Button(tmp_path)
    recorded(button, A, 3)
    button.flash.fail = broken("read", name=button.shelf.kept[0].name)
    recorded(button, B, 3)
    button.phone(tmp_path)
    button.run(10)
    assert button.closed == [B]


@pytest.mark.parametrize("which", [1, 2, 3, 5])
def test_memory_that_runs_out_in_the_middle_of_a_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    made: list[int] = []

    class Scarce(live.Unsaved):
        def __init__(self, *arguments: object):
            made.append(1)
            if len(made) == which:
                raise MemoryError
            super().__init__(*arguments)

    monkeypatch.setattr(live, "Unsaved", Scarce)
    button = Button(tmp_path)
    button.recorder.start(A)
    for _ in range(20):
        button.hear()
        try:
            button.run(0.2)
        except MemoryError:
            continue
    button.recorder.stop()
    button.run(10)
    assert button.closed == [A]
    assert not verify(tmp_path / repr(A)).reading.flaws or all(
        f.kind is Kind.CLOCK for f in verify(tmp_path / repr(A)).flaws
    )


def test_a_recording_that_was_called_off_before_it_began_does_not_begin(tmp_path: Path) -> None:
    button = Button(tmp_path)
    button.ready = False
    button.recorder.start(A)
    button.run(3)
    button.recorder.stop()
    button.recorder.start(B)
    button.recorder.stop()
    button.run(20)
    assert button.recorder.live is None


@pytest.mark.parametrize("seed", range(12))
def test_whatever_link_and_flash_do_every_recording_arrives_whole(
    tmp_path: Path, seed: int
) -> None:
    rng = random.Random(f"lives {seed}")
    button = Button(tmp_path)
    ids = [EventId(b"12345678", n) for n in (1, 2, 3)]

    def fail(operation: str, name: str) -> None:
        if operation in ("append", "replace") and rng.random() < 0.02:
            raise rng.choice([OSError(ENOSPC), MemoryError()])

    for recording in ids:
        button.recorder.start(recording)
        for _ in range(6):
            button.flash.fail = fail if rng.random() < 0.5 else broken()
            there = rng.random() < 0.5
            button.connection += there
            button.run(rng.uniform(0.3, 3), phone=there)
        button.recorder.stop()
        button.flash.fail = broken()
        button.run(8, phone=rng.random() < 0.5)
    button.connection += 1
    button.run(40)
    assert set(button.closed) == set(ids)
    for recording in ids:
        flaws = verify(tmp_path / repr(recording)).flaws
        assert all(f.kind is Kind.CLOCK for f in flaws), flaws
    assert not button.flash.files
