"""What is kept of tests that fail, in runs of their own; probe_failures.py has those tests."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from tests.unit.keeping.picture import edges_drawn, size_px
from tests.virtual.test_hardware_in_the_loop import running, suite_says
from vigie.boards import spec
from vigie.lab import traces
from vigie.lab.detect import detect, timing_of
from vigie.paths import ROOT

PROBE = "tests/virtual/probe_failures.py"
PREFIX = "tests-virtual-probe_failures.py-"
KEPT = {
    "test_presses_then_failure", "test_press_then_failure", "test_odd_names-a-b",
    "test_odd_names-a-b-2", "test_setup_fails", "test_fails_twice",
}  # fmt: skip


def kept_in(out: Path) -> dict[str, Path]:
    """The folders of the only run, by the tests' names."""
    (run,) = out.iterdir()
    return {folder.name.removeprefix(PREFIX): folder for folder in run.iterdir()}


def lines_of(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def text_after(word: str, folder: Path) -> str:
    found = re.search(rf"^{word}: +(.*)$", (folder / "failure.txt").read_text(), re.MULTILINE)
    assert found
    return found[1]


def properties(junit: Path, name: str = "kept") -> dict[str | None, str | None]:
    cases = ElementTree.parse(junit).iter("testcase")
    return {
        case.get("name"): p.get("value")
        for case in cases
        for p in case.iter("property")
        if p.get("name") == name
    }


def test_everything_about_each_failure_is_kept_whichever_process_ran_it(tmp_path: Path) -> None:
    out, junit = tmp_path / "out", tmp_path / "junit.xml"
    code, said = suite_says(PROBE, "-n", "2", "--keep", str(out), "--junitxml", str(junit))
    assert code == 1, said
    folders = kept_in(out)
    assert set(folders) == KEPT, said
    for folder in folders.values():
        assert f"kept in {folder}\n" in said
    assert f"6 failures kept in {next(out.iterdir())}" in said
    assert set(properties(junit).values()) == {str(folder) for folder in folders.values()}
    the_story_of_presses(folders["test_presses_then_failure"])
    assert "this fixture never works" in (folders["test_setup_fails"] / "failure.txt").read_text()
    assert "advertising" in (folders["test_setup_fails"] / "console.log").read_text()
    twice = (folders["test_fails_twice"] / "failure.txt").read_text()
    assert twice.index("Failed in call") < twice.index("Failed in teardown")
    assert "ValueError: the test itself" in twice and "this cannot be tidied up" in twice


def the_story_of_presses(folder: Path) -> None:
    (trace,) = traces.read(folder / "trace.jsonl")
    assert [level for _, level in trace.edges] == [1, 0, 1, 0]
    timing = timing_of(spec.load("virtual").timing)
    assert [g.kind for g in detect(trace.edges, timing)] == ["single", "long"]
    console = (folder / "console.log").read_text()
    assert re.search(r"^ +\d+\.\d{3}  \[\d+\.\d{3}\] gesture long at", console, re.MULTILINE)
    siren, *_ = (p for p in lines_of(folder / "outputs.jsonl") if p["output"] == "siren")
    assert siren["off_s"] is None
    events = lines_of(folder / "phone.jsonl")
    assert [e["alert"] for e in events if e["event"] == "AlertTaken"]
    failure = (folder / "failure.txt").read_text()
    assert f"{PROBE}::test_presses_then_failure" in failure
    assert text_after("seed", folder) == "0"
    assert "TimeoutError: the board did not say" in failure
    width, height = size_px(folder / "timeline.png")
    assert width > 1000 and 800 < height < 2000
    # In the whole test the two edges of the click are one line, from close by they are two.
    assert edges_drawn(folder / "timeline.png") >= 4


def test_the_words_that_are_kept_run_the_test_again_and_leave_the_first_run_alone(
    tmp_path: Path,
) -> None:
    suite_says(f"{PROBE}::test_odd_names[a b]", "--seed", "7", "--keep", str(tmp_path))
    (first,) = kept_in(tmp_path).values()
    before = {file: file.read_bytes() for file in first.iterdir()}
    words = shlex.split(text_after("again", first))
    assert words[-5:] == [f"{PROBE}::test_odd_names[a b]", "--seed", "7", "--keep", str(tmp_path)]
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 1
    assert "ValueError: a b" in done.stdout
    assert {file: file.read_bytes() for file in first.iterdir()} == before
    assert len(list(tmp_path.rglob("failure.txt"))) == 2


def test_what_passes_leaves_nothing_and_nothing_is_kept_unasked(tmp_path: Path) -> None:
    fine = "no_failure or known_to_fail or without_a_world"
    _, said = suite_says(PROBE, "-k", fine, "--keep", str(tmp_path / "out"))
    assert "1 failed, 1 passed" in said
    assert not (tmp_path / "out").exists()
    _, said = suite_says(PROBE, "-k", "setup_fails", "--basetemp", str(tmp_path / "base"))
    assert "this fixture never works" in said
    assert "kept" not in said.replace("--keep", "")


def test_what_cannot_be_written_is_one_line_and_the_failure_stands(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "out"
    junit = ("--junitxml", str(place / "junit.xml"))
    code, said = suite_says(f"{PROBE}::test_odd_names[a b]", "--keep", str(place), *junit)
    assert code == 1
    assert said.count("not kept in") == 1
    assert re.search(rf"^not kept in {place}/[0-9-]+: Not a directory$", said, re.MULTILINE)
    assert f"not written to {place}/junit.xml: " in said
    assert "Traceback" not in said
    assert "ValueError: a b" in said
    assert "1 failed" in said


def test_an_error_of_another_plugin_at_the_end_is_not_taken_for_one_of_the_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "broken_end.py").write_text(
        "def pytest_sessionfinish(): raise OSError(5, 'the adapter was pulled out')\n"
    )
    junit = tmp_path / "junit.xml"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "broken_end"),
            *("tests/unit/keeping/test_again.py", "--junitxml", str(junit)),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "OSError: [Errno 5] the adapter was pulled out" in said
    assert "not written" not in said


def test_on_a_board_behind_a_port_with_a_rig(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    with running("board", "--firmware", "--realtime", "--bench", says=3) as (port, rig, _):
        code, said = suite_says(
            f"{PROBE}::test_press_then_failure", "--port", port, *rig.split(), "--phone", "none",
            "--keep", str(tmp_path / "out"), "--junitxml", str(junit),
        )  # fmt: skip
    assert code == 1, said
    (folder,) = kept_in(tmp_path / "out").values()
    (trace,) = traces.read(folder / "trace.jsonl")
    (_, pressed), (released_us, released) = trace.edges
    assert (pressed, released, released_us) == (1, 0, 90_000)
    assert "gesture single" in (folder / "console.log").read_text()
    assert f"--port {port} --rig {rig.split()[1]} --phone none" in text_after("again", folder)
    assert edges_drawn(folder / "timeline.png") >= 2
    suite = next(ElementTree.parse(junit).iter("testsuite"))
    told = {p.get("name"): p.get("value") for p in suite.findall("properties/property")}
    assert told == {
        "board": "virtual", "port": "path", "rig": "board", "phone": "none", "seed": "0",
    }  # fmt: skip
