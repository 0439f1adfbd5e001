"""A bench that two people share through labgrid, with its own coordinator, exporter and client."""

from pathlib import Path

import pytest

from tests.virtual.labgrid_lab import ENVIRONMENT, HOME, User, open_lab

pytestmark = pytest.mark.skipif(
    not (HOME / ".ready").exists(), reason="labgrid is not in .cache/labgrid: make labgrid"
)

THREE = (
    *(f"tests/board/test_{name}.py" for name in ("gestures", "siren", "link")),
    "-k", "within_150_ms or hears_of_a_press or nonsense", "--strict-needs",
)  # fmt: skip
ONE = ("tests/board/test_link.py", "-k", "nonsense", "--strict-needs")


def test_who_has_the_place_has_the_bench_and_the_next_has_it_after_that(tmp_path: Path) -> None:
    with open_lab(tmp_path) as coordinator:
        ada, bea = User("ada", coordinator), User("bea", coordinator)

        untaken = ada.tests(*ONE)
        assert untaken.code == pytest.ExitCode.USAGE_ERROR
        assert "place vigie-1 is not acquired" in untaken.said

        assert ada.client("acquire").code == 0
        refused = bea.client("acquire")
        assert refused.code == 1
        assert "already acquired by computer-of-ada/ada" in refused.said
        kept_out = bea.tests(*ONE)
        assert kept_out.code == pytest.ExitCode.USAGE_ERROR
        assert "not acquired by your user, acquired by ada" in kept_out.said
        assert "Traceback" not in kept_out.said

        passed = ada.tests(*THREE)
        assert passed.code == 0, passed.said
        assert "3 passed" in passed.said
        assert "skipped" not in passed.said

        assert ada.client("release").code == 0
        assert bea.client("acquire").code == 0
        passed = bea.tests(*ONE)
        assert passed.code == 0, passed.said
        assert "1 passed" in passed.said

        less = tmp_path / "less.yaml"
        less.write_text(ENVIRONMENT.read_text().replace("port: rig", "port: rug"))
        missing = bea.tests(*ONE, env=less)
        assert missing.code == pytest.ExitCode.USAGE_ERROR
        assert "binding rig_board failed" in missing.said
        assert "labgrid-client show" in missing.said
        assert "Traceback" not in missing.said


def test_without_a_coordinator_or_an_environment_there_is_one_message(tmp_path: Path) -> None:
    alone = User("ada", "127.0.0.1:1")
    for done, message in (
        (alone.tests(*ONE), "Could not connect to coordinator"),
        (alone.tests(*ONE, env=tmp_path / "none.yaml"), "There is no environment"),
    ):
        assert done.code == pytest.ExitCode.USAGE_ERROR
        assert done.said.count(message) == 1
        assert "Traceback" not in done.said
