import pytest
from labgrid import Environment

LABGRID_ENV_KEY: pytest.StashKey[Environment | None]
