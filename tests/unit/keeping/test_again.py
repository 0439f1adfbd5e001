"""The words that run a failed test again."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from vigie.keeping import again


@dataclass
class Config:
    """As much of pytest's as is looked at."""

    options: dict[str, Any]
    plugins: list[str] = field(default_factory=list[str])
    rootpath: Path = Path("/elsewhere")

    @property
    def pluginmanager(self) -> "Config":
        return self

    def has_plugin(self, name: str) -> bool:
        return name in self.plugins

    def getoption(self, name: str) -> Any:
        return self.options.get(name)


def words(config: Any) -> str:
    return again.words(config, "tests/board/test_a.py::test[a b]")


def test_they_name_the_bench_and_the_world() -> None:
    options = {
        "--port": "/dev/ttyUSB0",
        "--rig": "rts:/dev/ttyUSB1",
        "--seed": 3,
        "--patient": True,
    }
    said = words(Config(options))
    assert said.startswith("python -m pytest 'tests/board/test_a.py::test[a b]'")
    for part in ("--port /dev/ttyUSB0", "--rig rts:/dev/ttyUSB1", "--seed 3", "--patient"):
        assert part in said


def test_on_a_place_of_labgrid_they_ask_for_the_place_and_not_for_its_addresses() -> None:
    options = {
        "--port": "rfc2217://desk:1",
        "--phone": "hci:desk:2",
        "--lg-env": "benches/env.yaml",
    }
    said = words(Config(options, ["vigie.labgrid_plugin"]))
    assert "-p vigie.labgrid_plugin --lg-env benches/env.yaml" in said
    assert "desk" not in said


@pytest.mark.parametrize("value", [None, ""])
def test_what_was_not_said_is_left_out(value: str | None) -> None:
    assert "--rig" not in words(Config({"--rig": value}))
