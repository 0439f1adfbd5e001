"""The outbox: what is held is held, once, and what cannot be held is said."""

import os
import sqlite3
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from button.core.wire import EventId
from vigie.errors import VigieError
from vigie.phone import outbox_file
from vigie.phone.outbox import Outbox
from vigie.phone.records import Draft, HeldAlert, Place
from vigie.phone.sqlite_errors import explain

Held = Callable[..., HeldAlert]
PLACE = Place(45.38, 14.14, 12.5, 1_500)


def test_an_alert_is_held_with_all_its_messages(
    outbox: Outbox, held: Held, drafts: list[Draft]
) -> None:
    assert outbox.hold(held(place=PLACE), drafts)
    assert outbox.alerts() == [held(place=PLACE)]
    messages = outbox.messages(held().event_id)
    assert [(m.contact, m.name, m.channel, m.address) for m in messages] == [
        (d.contact, d.name, d.channel, d.address) for d in drafts
    ]
    assert {(m.state, m.attempts, m.repeat, m.at_ms, m.text) for m in messages} == {
        ("queued", 0, False, 2_000, None)
    }
    assert outbox.open_messages() == messages


def test_the_same_event_again_changes_nothing_and_says_so(
    outbox: Outbox, held: Held, drafts: list[Draft]
) -> None:
    assert outbox.hold(held(), drafts)
    before = outbox.messages(held().event_id)
    assert not outbox.hold(held(level=4, place=PLACE), drafts[:1])
    assert outbox.alerts() == [held()]
    assert outbox.messages(held().event_id) == before


def test_all_is_still_there_in_the_next_life(
    tmp_path: Path, held: Held, drafts: list[Draft]
) -> None:
    first = Outbox(tmp_path / "o.db")
    first.hold(held(), drafts)
    message = replace(first.open_messages()[0], state="sending", attempts=1, text="Au secours")
    first.save(message, PLACE)
    first.set_told(held().event_id, 3)
    first.close()
    second = Outbox(tmp_path / "o.db")
    assert second.alerts() == [held(place=PLACE)]
    assert second.message(message.id) == message
    assert second.told(held().event_id) == 3
    assert not second.hold(held(), drafts)
    second.close()


def test_an_alert_that_is_not_held_is_unknown(
    outbox: Outbox, event: Callable[[int], EventId]
) -> None:
    assert outbox.alert(event(9)) is None
    assert outbox.messages(event(9)) == []
    assert outbox.told(event(9)) is None


def test_what_is_done_is_not_open(outbox: Outbox, held: Held, drafts: list[Draft]) -> None:
    outbox.hold(held(), drafts)
    first, second, third = outbox.open_messages()
    outbox.save(replace(first, state="sent"))
    outbox.save(replace(second, state="failed", error="550 no such user"))
    assert outbox.open_messages() == [third]
    assert outbox.message(second.id).error == "550 no such user"


def test_an_alert_for_nobody_is_not_held(outbox: Outbox, held: Held) -> None:
    with pytest.raises(ValueError, match="reach nobody"):
        outbox.hold(held(), [])


def test_two_messages_to_one_contact_on_one_channel_are_refused_whole(
    outbox: Outbox, held: Held, drafts: list[Draft]
) -> None:
    with pytest.raises(VigieError, match="UNIQUE"):
        outbox.hold(held(), [*drafts, drafts[0]])
    assert outbox.alerts() == []


def test_a_commit_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    connections: list[sqlite3.Connection] = []

    def connect(path: Path) -> sqlite3.Connection:
        connections.append(outbox_file.connect(path))
        return connections[0]

    outbox = Outbox(tmp_path / "o.db", connect)
    (db,) = connections
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA fullfsync").fetchone() == (1,)
    outbox.close()


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_the_file_is_for_its_owner_alone(tmp_path: Path, held: Held, drafts: list[Draft]) -> None:
    outbox = Outbox(tmp_path / "o.db")
    outbox.hold(held(), drafts)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"o.db": 0o600, "o.db-wal": 0o600}
    outbox.close()


def error_of(path: Path) -> str:
    with pytest.raises(VigieError) as caught:
        Outbox(path)
    assert caught.value.hint
    return str(caught.value).replace(str(path), "FILE")


def test_places_where_no_outbox_can_be(tmp_path: Path) -> None:
    assert error_of(tmp_path) == "FILE: is a folder, not an outbox\n  Name a file."
    assert "there is no folder" in error_of(tmp_path / "missing" / "o.db")
    (tmp_path / "file").touch()
    assert "there is no folder" in error_of(tmp_path / "file" / "o.db")


@pytest.mark.skipif(sys.platform != "linux", reason="needs to become nobody")
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o555, None), (0o755, 0o444)])
def test_a_folder_or_a_file_without_the_right_to_write(
    folder_mode: int, file_mode: int | None, in_child: Callable[[Callable[[], None]], int]
) -> None:
    folder = Path("/tmp") / f"vigie-test-{os.getpid()}"
    folder.mkdir()
    try:
        if file_mode is not None:
            Outbox(folder / "o.db").close()
            (folder / "o.db").chmod(file_mode)
        folder.chmod(folder_mode)

        def open_as_somebody_else() -> None:
            if os.geteuid() == 0:
                os.setuid(65534)
            assert "FILE: cannot be written" in error_of(folder / "o.db")

        assert in_child(open_as_somebody_else) == 0
    finally:
        folder.chmod(0o755)
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def test_files_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    path.write_bytes(b"This is a letter to my sister.\n" * 100)
    before = path.read_bytes()
    assert error_of(path).startswith("FILE: is not an outbox of Vigie, or is damaged")
    assert path.read_bytes() == before

    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE songs (name TEXT)")
    other.close()
    before = path.read_bytes()
    assert "it belongs to another program" in error_of(path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_refused(tmp_path: Path, held: Held, drafts: list[Draft]) -> None:
    path = tmp_path / "o.db"
    outbox = Outbox(path)
    for seq in range(50):
        outbox.hold(held(seq), drafts)
    outbox.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + os.urandom(4096) + whole[8192:])
    assert "is damaged" in error_of(path)
    path.write_bytes(whole[:6000])
    assert "is damaged" in error_of(path)


def test_a_file_of_a_newer_vigie_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    Outbox(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 4")
    db.close()
    assert error_of(path) == (
        "FILE: was written by a newer Vigie (version 4, this one knows 3)\n  Update Vigie."
    )


_OLD_COLUMNS = {
    1: ("id INTEGER PRIMARY KEY AUTOINCREMENT, event_id, contact, name, channel, address, state,"
        " attempts, repeat, at_ms, error, subject, text"),
}  # fmt: skip
_OLD_COLUMNS[2] = _OLD_COLUMNS[1] + ", sent_at_ms, seen_at_ms"


def make_old(path: Path, version: int) -> None:
    """Make of an outbox what an earlier version would have written."""
    columns = _OLD_COLUMNS[version]
    names = columns.replace(" INTEGER PRIMARY KEY AUTOINCREMENT", "")
    db = sqlite3.connect(path)
    db.execute("ALTER TABLE messages RENAME TO newer")
    db.execute(f"CREATE TABLE messages ({columns}, UNIQUE (event_id, contact, channel))")
    db.execute(f"INSERT INTO messages SELECT {names} FROM newer")
    db.execute("DROP INDEX messages_open")
    db.execute("DROP TABLE newer")
    db.execute("CREATE INDEX messages_open ON messages (state)")
    if version == 1:
        db.execute("CREATE INDEX messages_contact ON messages (contact)")
    db.execute(f"PRAGMA user_version = {version}")
    db.commit()
    db.close()


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_of_an_older_vigie_is_brought_up_to_date(
    tmp_path: Path, held: Held, drafts: list[Draft], version: int
) -> None:
    path = tmp_path / "o.db"
    outbox = Outbox(path)
    outbox.hold(held(), drafts)
    for message, state in zip(outbox.open_messages(), ("sent", "seen", "queued"), strict=True):
        at_ms = None if state == "queued" else 2_500
        seen_ms = 2_500 if state == "seen" else None
        message = replace(message, sent_at_ms=at_ms, seen_at_ms=seen_ms)
        outbox.save(replace(message, state=state, at_ms=2_500))
    outbox.close()
    make_old(path, version)
    outbox = Outbox(path)
    times = [(m.sent_at_ms, m.seen_at_ms) for m in outbox.messages(held().event_id)]
    assert times == [(2_500, None), (2_500, 2_500), (None, None)]
    outbox.follow(held().event_id, drafts[:1], "8f2a-31c4", 3_000)
    assert len(outbox.messages(held().event_id)) == len(drafts) + 1
    outbox.close()
    Outbox(path).close()


def test_an_empty_file_becomes_an_outbox(tmp_path: Path) -> None:
    (tmp_path / "o.db").touch()
    Outbox(tmp_path / "o.db").close()


def test_two_phones_cannot_share_an_outbox(outbox: Outbox, held: Held) -> None:
    with pytest.raises(VigieError, match="is in use by another process") as caught:
        Outbox(outbox.path, lambda path: sqlite3.connect(path, timeout=0, isolation_level=None))
    assert "twice" in caught.value.hint
    assert outbox.alerts() == []


def limited(pages: int) -> outbox_file.Connect:
    def connect(path: Path) -> sqlite3.Connection:
        db = outbox_file.connect(path)
        db.execute(f"PRAGMA max_page_count = {pages}")
        return db

    return connect


def test_a_full_disk_raises_and_leaves_nothing_half_written(
    tmp_path: Path, held: Held, drafts: list[Draft]
) -> None:
    path = tmp_path / "o.db"
    outbox = Outbox(path, limited(12))
    many = [replace(drafts[0], contact=f"+331990000{n:02}") for n in range(30)]
    held_so_far = 0
    with pytest.raises(VigieError, match="the disk is full") as caught:  # noqa: PT012
        for seq in range(100):
            outbox.hold(held(seq), many)
            held_so_far += 1
    assert caught.value.hint == "Free some space."
    assert len(outbox.alerts()) == held_so_far > 0
    assert len(outbox.open_messages()) == held_so_far * len(many)
    outbox.close()

    with_space = Outbox(path)
    assert with_space.hold(held(held_so_far), many)
    assert len(with_space.open_messages()) == (held_so_far + 1) * len(many)
    with_space.close()


def test_a_disk_too_full_for_a_new_outbox(tmp_path: Path) -> None:
    with pytest.raises(VigieError, match="the disk is full"):
        Outbox(tmp_path / "o.db", limited(3))
    Outbox(tmp_path / "o.db").close()  # the attempt does no harm


@pytest.mark.skipif(sys.platform == "win32", reason="limits as POSIX has them")
def test_a_disk_that_refuses_to_write(
    tmp_path: Path, held: Held, drafts: list[Draft], in_child: Callable[[Callable[[], None]], int]
) -> None:
    import resource

    def fill() -> None:
        outbox = Outbox(tmp_path / "o.db")
        outbox.hold(held(0), drafts)
        size = (tmp_path / "o.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 5000, size + 5000))
        with pytest.raises(VigieError, match="the disk failed"):  # noqa: PT012
            for seq in range(1, 100):
                outbox.hold(held(seq), drafts)
        assert len(outbox.open_messages()) == len(outbox.alerts()) * len(drafts)
        os._exit(0)  # without closing: the process dies as it is

    assert in_child(fill) == 0
    outbox = Outbox(tmp_path / "o.db")
    assert len(outbox.alerts()) >= 1
    assert len(outbox.open_messages()) == len(outbox.alerts()) * len(drafts)
    outbox.close()


def test_a_fault_of_ours_is_not_blamed_on_the_user(tmp_path: Path) -> None:
    error = explain(tmp_path / "o.db", sqlite3.OperationalError("no such column: nmae"))
    assert error.what.endswith("o.db: no such column: nmae")
    assert "report it" in error.hint
