"""Every test has its own folder, whatever its name, and what is there stays."""

from datetime import datetime
from pathlib import Path

import pytest

from vigie.keeping import folders


@pytest.mark.parametrize(
    ("nodeid", "name"),
    [
        ("tests/board/test_siren.py::test_x", "tests-board-test_siren.py-test_x"),
        ("tests/t.py::test_x[a/b: c*]", "tests-t.py-test_x-a-b-c"),
        ("t.py::test_x[\\..\\..\\é\n\0]", "t.py-test_x"),
        ("...", "test"),
        ("", "test"),
    ],
)
def test_names_are_safe(nodeid: str, name: str) -> None:
    assert folders.of_test(nodeid) == name


def test_long_names_are_cut(tmp_path: Path) -> None:
    name = folders.of_test("t.py::test" + "x" * 1000)
    assert folders.new_folder(tmp_path, name).is_dir()


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    parent = tmp_path / "a" / "b"
    made = [folders.new_folder(parent, "t") for _ in range(3)]
    assert [folder.name for folder in made] == ["t", "t-2", "t-3"]
    (parent / "u").write_text("a file of somebody")
    assert folders.new_folder(parent, "u").name == "u-2"


def test_runs_sort_like_their_times() -> None:
    times = [datetime(2026, 1, 9, 23, 59, 59), datetime(2026, 1, 10), datetime(2026, 11, 1)]
    names = [folders.of_run(time, 7) for time in times]
    assert names == sorted(names)
    assert names[0] == "2026-01-09-235959-7"
