"""Results come into a folder that may be the user's own, and only over earlier results."""

import stat
from pathlib import Path

import pytest

from vigie.cli import results
from vigie.cli.folders import workshop
from vigie.errors import VigieError


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A demo's files."""
    folder = tmp_path / "made"
    (folder / "hci").mkdir(parents=True)
    for name in ("report.json", "hci/board1.btsnoop"):
        (folder / name).write_text("new")
    return folder


def test_files_are_replaced_one_by_one_and_nothing_else_is_touched(
    made: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "hci").mkdir(parents=True)
    for name in ("report.json", "hci/board1.btsnoop", "hci/mine.txt", "mine.txt"):
        (out / name).write_text("old")
    results.check(out)
    results.publish(made, out)
    texts = {str(p.relative_to(out)): p.read_text() for p in out.rglob("*") if p.is_file()}
    assert texts == {
        "report.json": "new",
        "hci/board1.btsnoop": "new",
        "hci/mine.txt": "old",
        "mine.txt": "old",
    }


def test_results_are_for_the_user_alone(made: Path, tmp_path: Path) -> None:
    """They hold positions and numbers."""
    (made / "report.json").chmod(0o644)
    results.publish(made, tmp_path / "new" / "out")
    for path in (tmp_path / "new" / "out").rglob("*"):
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["report.json", "timeline.png", "outbox.jsonl", "board.log"])
def test_a_folder_in_the_place_of_a_file_is_refused_before_the_work(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name / "mine").mkdir(parents=True)
    with pytest.raises(VigieError, match="is a folder, and the demo would write") as caught:
        results.check(tmp_path)
    assert "--out" in caught.value.hint


def test_a_file_in_the_place_of_a_folder_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "hci").write_text("mine")
    with pytest.raises(VigieError, match="hci is a file"):
        results.check(tmp_path)


def test_a_folder_that_came_meanwhile_is_not_touched(made: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "report.json" / "mine").mkdir(parents=True)
    with pytest.raises(VigieError, match="is a folder"):
        results.publish(made, tmp_path / "out")
    assert (tmp_path / "out" / "report.json" / "mine").is_dir()


@pytest.mark.parametrize("out", ["out", "a/b/out"])
def test_work_that_is_broken_off_leaves_nothing_not_even_a_folder(
    tmp_path: Path, out: str
) -> None:
    def work() -> None:
        with workshop(tmp_path / out) as part:
            (part / "half").write_text("half")
            assert stat.S_IMODE(part.stat().st_mode) == 0o700
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert list(tmp_path.iterdir()) == []


def test_work_for_a_folder_that_is_there_is_done_in_it(tmp_path: Path) -> None:
    with workshop(tmp_path) as part:
        assert part.parent == tmp_path


def test_a_file_on_the_way_to_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(VigieError, match="Nothing can be written"), workshop(out):
            pass
