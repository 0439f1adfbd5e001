"""The outbox as JSON Lines."""

import json
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vigie.errors import VigieError
from vigie.phone.outbox import Outbox
from vigie.phone.outbox_export import export_jsonl
from vigie.phone.records import Draft, HeldAlert, Place

Held = Callable[..., HeldAlert]


def test_each_message_is_a_line_with_all_that_is_known(
    outbox: Outbox, held: Held, drafts: list[Draft], tmp_path: Path
) -> None:
    outbox.hold(held(7, place=Place(45.38, 14.14, 10.0, 1_500)), drafts)
    sms = outbox.open_messages()[0]
    outbox.save(replace(sms, state="seen", attempts=1, at_ms=9_500, text="À l'aide\n€ 😀",
                        sent_at_ms=2_500, seen_at_ms=9_500))  # fmt: skip
    assert export_jsonl(outbox, tmp_path / "o.jsonl") == 3
    lines = (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0]) == {
        "event_id": "0102030405060708-7",
        "kind": 2,
        "level": 2,
        "happened_at_ms": 1_000,
        "happened_earlier": False,
        "received_at_ms": 2_000,
        "battery_mv": 3_900,
        "position": {"lat": 45.38, "lon": 14.14, "accuracy_m": 10.0, "at_ms": 1_500},
        "channel": "sms",
        "contact": "+33199001234",
        "name": "Anaïs",
        "address": "+33199001234",
        "state": "seen",
        "attempts": 1,
        "repeat": False,
        "at_ms": 9_500,
        "sent_at_ms": 2_500,
        "seen_at_ms": 9_500,
        "error": None,
        "subject": None,
        "text": "À l'aide\n€ 😀",
        "fingerprint": None,
    }
    assert [json.loads(line)["channel"] for line in lines] == ["sms", "sms", "mail"]


def test_the_same_content_gives_the_same_bytes(
    held: Held, drafts: list[Draft], tmp_path: Path
) -> None:
    exports: list[bytes] = []
    for name in ("a", "b"):
        outbox = Outbox(tmp_path / f"{name}.db")
        for seq in (3, 1, 2):
            outbox.hold(held(seq), drafts)
        export_jsonl(outbox, tmp_path / name)
        outbox.close()
        exports.append((tmp_path / name).read_bytes())
    assert exports[0] == exports[1]
    seqs = [json.loads(line)["event_id"][-1] for line in exports[0].splitlines()]
    assert seqs == ["3"] * 3 + ["1"] * 3 + ["2"] * 3  # as received, in the order of the plan


def test_an_export_replaces_an_older_one_whole(
    outbox: Outbox, held: Held, drafts: list[Draft], tmp_path: Path
) -> None:
    target = tmp_path / "o.jsonl"
    target.write_text("older\n")
    (tmp_path / "o.jsonl.part").write_text("left by a crash, and longer than what comes\n" * 99)
    outbox.hold(held(), drafts)
    export_jsonl(outbox, target)
    assert len(target.read_text(encoding="utf-8").splitlines()) == 3
    assert not (tmp_path / "o.jsonl.part").exists()
    if os.name == "posix":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600  # positions, for the owner alone


def test_where_nothing_can_be_written(outbox: Outbox, tmp_path: Path) -> None:
    with pytest.raises(VigieError, match="cannot be written: No such file") as caught:
        export_jsonl(outbox, tmp_path / "missing" / "o.jsonl")
    assert caught.value.hint
    with pytest.raises(VigieError, match="cannot be written"):
        export_jsonl(outbox, tmp_path)
    assert not tmp_path.with_name(tmp_path.name + ".part").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="limits as POSIX has them")
def test_a_disk_that_fills_meanwhile_leaves_the_older_export(
    outbox: Outbox,
    held: Held,
    drafts: list[Draft],
    tmp_path: Path,
    in_child: Callable[[Callable[[], None]], int],
) -> None:
    import resource

    for seq in range(20):
        outbox.hold(held(seq), drafts)
    target = tmp_path / "o.jsonl"
    target.write_text("older\n")

    def export() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        with pytest.raises(VigieError, match="cannot be written: File too large"):
            export_jsonl(outbox, target)

    assert in_child(export) == 0
    assert target.read_text() == "older\n"
    assert not (tmp_path / "o.jsonl.part").exists()
