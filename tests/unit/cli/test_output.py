"""The command in a world that stops reading, has no accents, or sends signals."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from vigie.cli import demo

from .running import run

VIGIE = Path(sys.executable).with_name("vigie")


def vigie(*words: str | Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [VIGIE, *words], stderr=subprocess.PIPE, text=True, encoding="utf-8", **options
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
@pytest.mark.parametrize("words", [["--help"], ["demo"]])
def test_an_output_that_takes_nothing_is_told(tmp_path: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full, vigie(*words, stdout=full, cwd=tmp_path) as process:
        assert process.stderr is not None
        assert process.stderr.read() == "vigie: No space left on device\n  Free some space.\n"
        assert process.wait() == 2


def test_a_reader_that_has_had_enough_is_no_error(tmp_path: Path) -> None:
    with vigie("demo", "--out", tmp_path / "out", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0


def test_a_screen_without_accents_shows_the_rest(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [VIGIE, "demo", "--out", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"SMS to Ana?s" in done.stdout


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("after", ["Deploying", "connected", "SMS to"])
def test_a_signal_leaves_nothing_behind(tmp_path: Path, name: str, after: str) -> None:
    number = signal.Signals[name]
    with vigie("demo", "--out", tmp_path / "a" / "out", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        for text in process.stdout:
            if after in text:
                process.send_signal(number)
                break
        process.stdout.read()
        errors = process.stderr.read()
        code = process.wait()
    if code:  # else it was done before
        assert code == 128 + number
        assert errors == f"vigie: stopped by {name}\n"
        assert list(tmp_path.iterdir()) == []


def interrupted(_: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_while_the_words_are_read_is_told(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def command(seed: Annotated[int, typer.Option(callback=interrupted)] = 1) -> None:
        raise AssertionError("not reached")

    monkeypatch.setattr(demo, "command", command)
    assert run(monkeypatch, "demo", "--seed", "2") == 130
    assert capfd.readouterr().err == "vigie: stopped by Ctrl-C\n"


def test_ctrl_c_while_a_verb_is_loaded_is_told(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.import_module", interrupted)
    assert run(monkeypatch, "demo") == 130
    assert capfd.readouterr().err == "vigie: stopped by Ctrl-C\n"
