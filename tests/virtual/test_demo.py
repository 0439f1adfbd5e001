"""`vigie demo`: the main job, run like a user runs it."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.virtual.hearing import snr_db
from vigie.paths import DEMO
from vigie.virtual.acoustics.sounds import read

VIGIE = Path(sys.executable).with_name("vigie")
KEYS = {"seed", "vm", "board", "gestures", "alerts", "messages", "siren", "recordings",
        "heap_free", "sim_s", "wall_s"}  # fmt: skip


def demo(out: Path, *words: str) -> str:
    done = subprocess.run(
        [VIGIE, "demo", "--out", out, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def report(out: Path) -> dict[str, Any]:
    return json.loads((out / "report.json").read_text())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo's folder and what it printed."""
    out = tmp_path_factory.mktemp("demo") / "first"
    return out, demo(out, "--seed", "5")


def test_one_click_reaches_five_contacts_each_exactly_once(told: tuple[Path, str]) -> None:
    out, _ = told
    made = report(out)
    assert set(made) == KEYS
    assert [g["kind"] for g in made["gestures"]] == ["single", "double", "long", "long"]
    first = [m for m in made["messages"] if m["at_ms"] < made["alerts"][1]["gesture_ms"]]
    assert [m["channel"] for m in first] == ["sms"] * 5
    assert len({m["to"] for m in first}) == 5
    assert all(m["status"] == "sent" for m in first)
    assert all(m["segments"] in (1, 2) and m["lat"] and m["lon"] for m in first)


def test_the_steps_of_an_alert_are_in_their_order_and_quick(told: tuple[Path, str]) -> None:
    for alert in report(told[0])["alerts"]:
        steps = [alert[k] for k in ("first_edge_ms", "down_at_phone_ms", "gesture_ms",
                                    "alert_at_phone_ms", "acked_ms")]  # fmt: skip
        assert steps == sorted(steps)
        assert alert["down_at_phone_ms"] - alert["first_edge_ms"] <= 150
        assert alert["alert_at_phone_ms"] - alert["gesture_ms"] <= 150


def test_the_siren_sounds_from_one_hold_to_the_next(told: tuple[Path, str]) -> None:
    made = report(told[0])
    (siren,) = made["siren"]
    holds = [g["t_ms"] for g in made["gestures"] if g["kind"] == "long"]
    assert siren["on_ms"] == pytest.approx(holds[0], abs=150)
    assert siren["off_ms"] == pytest.approx(holds[1], abs=150)


def test_both_alerts_that_ask_for_it_are_recorded_whole(told: tuple[Path, str]) -> None:
    out, text = told
    made = report(out)["recordings"]
    assert [r["recording"][-2:] for r in made] == ["-2", "-3"]
    for recording in made:
        assert recording["sound"]
        assert recording["samples_lost"] == 0
        assert recording["fingerprint"] in text
        folder = out / recording["folder"]
        assert "complete and unchanged" in (folder / "report.txt").read_text()
        assert (folder / "report.png").read_bytes().startswith(b"\x89PNG")


def test_what_was_said_in_the_room_can_be_heard(told: tuple[Path, str]) -> None:
    sound, rate_hz = soundfile.read(told[0] / "evidence" / "1" / "audio.wav")
    speech = read(DEMO / "jfk-16k.flac")
    assert rate_hz == speech.rate_hz
    assert snr_db(sound, speech.samples) > 25


def test_the_siren_can_be_heard(told: tuple[Path, str]) -> None:
    out, _ = told
    sound, rate_hz = soundfile.read(out / "siren.wav")
    (siren,) = report(out)["siren"]
    assert len(sound) / rate_hz == pytest.approx(
        (siren["off_ms"] - siren["on_ms"]) / 1000, abs=0.5
    )
    assert np.abs(sound).max() > 0.3


def test_a_room_of_ones_own(tmp_path: Path) -> None:
    t = np.arange(8000 * 3) / 8000
    both = np.stack([np.sin(2 * np.pi * 440 * t), np.zeros_like(t)], axis=1)
    soundfile.write(tmp_path / "room.ogg", 0.5 * both, 8000)
    demo(tmp_path / "out", "--room", str(tmp_path / "room.ogg"))
    sound, rate_hz = soundfile.read(tmp_path / "out" / "evidence" / "1" / "audio.flac")
    spectrum = np.abs(np.fft.rfft(sound))
    assert np.argmax(spectrum) * rate_hz / len(sound) == pytest.approx(440, abs=2)


def test_the_story_in_the_terminal_is_the_story_in_the_files(told: tuple[Path, str]) -> None:
    out, text = told
    for message in report(out)["messages"]:
        assert all(line in text for line in message["text"].splitlines())
    for words in ("decides: single", "SIREN ON", "SIREN OFF", "handed over", "seen", "feels"):
        assert words in text
    lines = [json.loads(line) for line in (out / "outbox.jsonl").read_text().splitlines()]
    assert len(lines) == len(report(out)["messages"])


def test_it_leaves_a_picture_and_captures(told: tuple[Path, str]) -> None:
    out, _ = told
    assert (out / "timeline.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "timeline.png").stat().st_size > 30_000
    for station in ("board1", "phone1"):
        assert (out / "hci" / f"{station}.btsnoop").read_bytes().startswith(b"btsnoop\0")
    assert sorted(p.name for p in out.parent.iterdir()) == ["first"]


def test_same_seed_same_bytes_with_another_load_on_the_machine(
    told: tuple[Path, str], tmp_path: Path
) -> None:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        text = demo(tmp_path / "a-longer-name-than-before", "--seed", "5")
    finally:
        for process in busy:
            process.kill()
            process.wait()
    first, second = told[0], tmp_path / "a-longer-name-than-before"
    for name in ("outbox.jsonl", "hci/board1.btsnoop", "hci/phone1.btsnoop", "board.log",
                 "timeline.png", "evidence/1/stream.vig", "evidence/1/manifest.json",
                 "evidence/1/audio.flac", "evidence/1/report.txt", "evidence/1/report.png",
                 "evidence/2/stream.vig"):  # fmt: skip
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    without_wall = [{**report(out), "wall_s": 0} for out in (first, second)]
    assert without_wall[0] == without_wall[1]
    assert text.splitlines()[2:40] == told[1].splitlines()[2:40]


def test_another_seed_is_another_story(told: tuple[Path, str], tmp_path: Path) -> None:
    demo(tmp_path / "other", "--seed", "6")
    assert (tmp_path / "other" / "outbox.jsonl").read_bytes() != (
        told[0] / "outbox.jsonl"
    ).read_bytes()


def test_a_trace_of_ones_own(tmp_path: Path) -> None:
    trace = tmp_path / "t.jsonl"
    edges = [[0, 1], [80000, 0], [200000, 1], [280000, 0], [400000, 1], [480000, 0]]
    trace.write_text(json.dumps({"id": "mine", "label": "triple", "edges": edges}) + "\n")
    text = demo(tmp_path / "out", "--trace", str(trace), "--json")
    assert json.loads(text) == report(tmp_path / "out")
    assert [g["kind"] for g in report(tmp_path / "out")["gestures"]] == ["triple"]


@pytest.mark.parametrize("after", ["connected", "decides", "SMS"])
def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path, after: str) -> None:
    command: Sequence[str | Path] = [VIGIE, "demo", "--out", tmp_path / "out"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        for line in process.stdout:
            if after in line:
                process.send_signal(signal.SIGINT)
                break
        process.stdout.read()
        errors = process.stderr.read()
        assert process.wait(20) in (130, 0)
    if process.returncode == 130:
        assert errors == "vigie: stopped by Ctrl-C\n"
    assert [p.name for p in tmp_path.iterdir()] == ([] if process.returncode else ["out"])
