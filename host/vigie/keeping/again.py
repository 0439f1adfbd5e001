"""The words that run a test again, on the same bench, in the same world."""

import shlex
import sys
from pathlib import Path

import pytest

_VALUES = ("board", "seed", "bench", "port", "rig", "phone", "keep")
_FLAGS = ("patient", "strict-needs", "thorough")
_OF_A_PLACE = ("port", "rig", "phone")


def words(config: pytest.Config, nodeid: str) -> str:
    """A command line for a shell, in pytest's root folder.

    On a place of labgrid it asks for the place again: its addresses may be somebody else's then.
    """
    parts = [_python(config.rootpath), "-m", "pytest", nodeid]
    if place := config.pluginmanager.has_plugin("vigie.labgrid_plugin"):
        parts += ["-p", "vigie.labgrid_plugin", "--lg-env", str(config.getoption("--lg-env"))]
    for name in _VALUES:
        value: object = config.getoption(f"--{name}")
        if value not in (None, "") and not (place and name in _OF_A_PLACE):
            parts += [f"--{name}", str(value)]
    parts += [f"--{name}" for name in _FLAGS if config.getoption(f"--{name}")]
    return shlex.join(parts)


def _python(root: Path) -> str:
    python = Path(sys.executable)
    return str(python.relative_to(root)) if python.is_relative_to(root) else "python"
