"""The set-up: stopped at any moment it leaves a checkout in which it can begin again."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from vigie.paths import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a shell script")

PRETENDER = """\
#!/bin/sh
# Takes part in a set-up; at one point it says so and hangs, as Python would.
echo "$*" >> calls
case "$*" in
    *"pip --version") [ -e .venv/whole ] || exit 1 ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *"--target "*) mkdir -p .cache/micropython-stubs ;;
esac
case "$*" in
    *"$HANGS_AT"*) echo here > reached; exec {python} -c 'import time; time.sleep(1000)' ;;
    "-m venv .venv") touch .venv/whole ;;
    -V) echo "Python 3.99" ;;
esac
"""


@dataclass
class Checkout:
    folder: Path

    def set_up(self, hangs_at: str = "nowhere") -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["tools/setup.sh"],
            cwd=self.folder,
            env={**os.environ, "PYTHON": str(self.folder / "python"), "HANGS_AT": hangs_at},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "setup.sh", tmp_path / "tools")
    pretender = tmp_path / "python"
    pretender.write_text(PRETENDER.replace("{python}", sys.executable))
    pretender.chmod(0o755)
    os.mkfifo(tmp_path / "reached")
    return Checkout(tmp_path)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("hangs_at", ["-m venv .venv", "pip install"])
def test_stopped_it_leaves_no_half_environment_and_no_traceback(
    checkout: Checkout, hangs_at: str, number: signal.Signals, code: int
) -> None:
    with checkout.set_up(hangs_at) as process:
        (checkout.folder / "reached").read_text()
        os.killpg(process.pid, number)
        said, _ = process.communicate()
    assert process.returncode == code
    assert "Traceback" not in said
    assert said.endswith("setup: stopped; run make again\n")
    assert not (checkout.folder / ".venv").exists()
    with checkout.set_up() as again:
        assert again.communicate()[0].endswith("setup: done\n")
    assert again.returncode == 0


def test_an_environment_without_pip_is_made_anew(checkout: Checkout) -> None:
    """As a set-up that was killed leaves it."""
    half = checkout.folder / ".venv" / "bin"
    half.mkdir(parents=True)
    shutil.copy(checkout.folder / "python", half)
    with checkout.set_up() as process:
        process.communicate()
    assert process.returncode == 0
    assert "-m venv .venv" in checkout.calls


def test_a_whole_environment_is_kept(checkout: Checkout) -> None:
    for _ in range(2):
        with checkout.set_up() as process:
            process.communicate()
    assert checkout.calls.count("-m venv .venv") == 1


def test_what_fails_is_told_with_its_own_message(checkout: Checkout) -> None:
    text = (checkout.folder / "python").read_text()
    fails = '*"pip install"*) echo "no route to host"; exit 1 ;;\n    -V)'
    (checkout.folder / "python").write_text(text.replace("-V)", fails))
    with checkout.set_up() as process:
        said, _ = process.communicate()
    assert process.returncode == 2
    assert "no route to host" in said
    assert "run make again" in said
