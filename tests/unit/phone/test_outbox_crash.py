"""The phone is killed at any moment of an alert's life: none is lost, halved or doubled."""

import itertools
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vigie.phone import outbox_file
from vigie.phone.outbox import Outbox
from vigie.phone.records import Draft, HeldAlert

Held = Callable[..., HeldAlert]
InChild = Callable[[Callable[[], None]], int]
Arm = Callable[[sqlite3.Connection, Callable[[], None]], None]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

ALERTS = 2


def before_each_statement(db: sqlite3.Connection, tick: Callable[[], None]) -> None:
    db.set_trace_callback(lambda statement: tick())


def inside_statements(db: sqlite3.Connection, tick: Callable[[], None]) -> None:
    """Each step is a few instructions of SQLite's own machine."""
    db.set_progress_handler(lambda: tick() or 0, 19)


class Diary:
    """What the outside world has seen of a phone: a file that survives it."""

    def __init__(self, path: Path):
        self.path = path

    def add(self, line: str) -> None:
        with self.path.open("a") as file:
            file.write(line + "\n")

    def lines(self) -> list[str]:
        return self.path.read_text().splitlines() if self.path.exists() else []


def live(
    path: Path,
    diary: Diary,
    alerts: list[HeldAlert],
    drafts: list[Draft],
    connect: outbox_file.Connect,
) -> None:
    """A phone: hold and acknowledge each alert, then send what is open, as the dispatcher does."""
    outbox = Outbox(path, connect)
    for message in outbox.open_messages():
        if message.state == "sending":
            outbox.save(replace(message, state="queued", repeat=True))
    for alert in alerts:
        outbox.hold(alert, drafts)
        diary.add(f"ack {alert.event_id}")
    for message in outbox.open_messages():
        outbox.save(replace(message, state="sending", attempts=message.attempts + 1))
        diary.add(f"send {message.event_id} {message.contact} {message.channel} {message.repeat}")
        outbox.save(replace(outbox.message(message.id), state="sent"))
    diary.add("done")
    outbox.close()


@pytest.mark.parametrize("arm", [before_each_statement, inside_statements])
def test_killed_at_every_step(
    tmp_path: Path, held: Held, drafts: list[Draft], in_child: InChild, arm: Arm
) -> None:
    alerts = [held(seq) for seq in range(ALERTS)]
    expected = {f"{a.event_id} {d.contact} {d.channel}" for a in alerts for d in drafts}
    deaths = 0
    for fatal_step in itertools.count():
        folder = tmp_path / str(fatal_step)
        folder.mkdir()
        path, diary = folder / "o.db", Diary(folder / "diary")

        def connect_mortal(file: Path, last: int = fatal_step) -> sqlite3.Connection:
            db = outbox_file.connect(file)
            steps = itertools.count()

            def tick() -> None:
                if next(steps) == last:
                    os.kill(os.getpid(), signal.SIGKILL)

            arm(db, tick)
            return db

        status = in_child(lambda p=path, d=diary, c=connect_mortal: live(p, d, alerts, drafts, c))
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        deaths += 1

        # What was acknowledged before the death is held; each alert is held whole or not at all.
        survivor = Outbox(path)
        kept = {repr(alert.event_id) for alert in survivor.alerts()}
        assert {line.split()[1] for line in diary.lines() if line.startswith("ack")} <= kept
        for alert in survivor.alerts():
            assert len(survivor.messages(alert.event_id)) == len(drafts)
        survivor.close()

        # The next life sends all the rest. Only what was being sent is sent again, and says so.
        live(path, diary, alerts, drafts, outbox_file.connect)
        sent = [line.removeprefix("send ") for line in diary.lines() if line.startswith("send")]
        assert {line.rpartition(" ")[0] for line in sent} == expected
        assert len(set(sent)) == len(sent)
        assert len(sent) - len(expected) <= sum(line.endswith(" True") for line in sent) <= 1
    assert deaths >= 40
