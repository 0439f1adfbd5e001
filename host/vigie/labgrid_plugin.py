"""The tests of the product on a place of labgrid: `pytest -p vigie.labgrid_plugin --lg-env FILE`.

Beside labgrid's own plugin, which reads FILE and knows --lg-coordinator, in an environment that
has labgrid. Only asks where the resources of the place are: labgrid's drivers open nothing.
"""

# pyright: reportMissingModuleSource=false
# labgrid is in an environment of its own; its types are in typings/.

import os
from pathlib import Path

import pytest
from labgrid import Environment
from labgrid.exceptions import InvalidConfigError, NoSupplierFoundError
from labgrid.pytestplugin.hooks import LABGRID_ENV_KEY
from labgrid.remote.client import Error as ClientError

from vigie.bench.labgrid_place import words
from vigie.errors import VigieError

_SEE = "benches/labgrid/README.md says how a place is acquired."


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """One sentence where labgrid's plugin would show a traceback."""
    file = config.option.lg_env or os.environ.get("LG_ENV")
    if not file:
        raise pytest.UsageError("Which place? Add --lg-env benches/labgrid/env.yaml.")
    if not Path(file).is_file():
        raise pytest.UsageError(f"There is no environment {file}.\n  {_SEE}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Put the words for the place where the tests look for them; words of the user win."""
    options = session.config.option
    env = session.config.stash[LABGRID_ENV_KEY]
    assert env is not None, "labgrid's plugin has read the file"
    if options.bench:
        raise pytest.UsageError("A bench file, or a place of labgrid: not both.")
    try:
        place = words(_exported(env))
    except VigieError as e:
        raise pytest.UsageError(str(e)) from None
    options.port = options.port or place.port
    options.rig = options.rig or place.rig
    options.phone = options.phone or place.phone


def _exported(env: Environment) -> dict[str, str]:
    """What labgrid says of the place's drivers. Raises VigieError."""
    try:
        target = env.get_target()
        if target is None:
            raise VigieError("The environment has no target main.", _SEE)
        return target.export()
    except (ClientError, OSError) as e:
        raise VigieError(f"labgrid does not give the place: {_sentence(e)}.", _SEE) from None
    except (NoSupplierFoundError, InvalidConfigError) as e:
        raise VigieError(f"The place is not what the environment says: {_sentence(e)}.",
                         "labgrid-client show lists what it has.") from None  # fmt: skip


def _sentence(error: Exception) -> str:
    """What it says, without the objects of labgrid that follow."""
    return str(error).removeprefix("Error: ").split(" found in ")[0].rstrip(".")
