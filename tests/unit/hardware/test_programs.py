"""Without the programs that draw and build, one is told which to install."""

from pathlib import Path

import pytest

from vigie.errors import VigieError
from vigie.hardware import programs


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_programs")
def test_wires_are_not_drawn_without_graphviz(tmp_path: Path) -> None:
    with pytest.raises(VigieError, match="'dot'") as caught:
        programs.draw_wiring(tmp_path / "board.yml")
    assert "apt install graphviz" in caught.value.hint


@pytest.mark.usefixtures("no_programs")
def test_the_case_is_not_built_without_openscad() -> None:
    with pytest.raises(VigieError, match="'openscad'") as caught:
        programs.build_case()
    assert "apt install openscad" in caught.value.hint


def test_what_a_program_complains_of_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("openscad", "xvfb-run"):
        program = tmp_path / name
        program.write_text(
            "#!/bin/sh\necho first >&2\necho 'Parser error in line 7' >&2\nexit 1\n"
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(VigieError, match="openscad failed: Parser error in line 7") as caught:
        programs.build_case()
    assert "case.scad" in caught.value.hint
