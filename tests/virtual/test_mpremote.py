"""The stock mpremote on a virtual board's port, as on a chip."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.virtual.console_port import listening
from vigie.boards import spec
from vigie.boards.firmware import render_config
from vigie.paths import BOARDS, FIRMWARE

VIGIE = Path(sys.executable).with_name("vigie")
MPREMOTE = Path(sys.executable).with_name("mpremote")


class Port:
    """A `vigie board` in another process, and mpremote against it."""

    def __init__(self, *options: str):
        self.process = subprocess.Popen(
            [VIGIE, "board", *options], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.name = self.process.stdout.readline().strip()

    def mpremote(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [MPREMOTE, "connect", self.name, *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout.replace("\r\n", "\n") + (done.stderr if code else "")

    def wait_for(self, text: str) -> None:
        """Until the board has said this since somebody listened last."""
        with listening(self.name) as console:
            console.until(text)

    def close(self) -> int:
        self.process.send_signal(signal.SIGINT)
        with self.process:
            return self.process.wait(10)


@pytest.fixture(scope="module")
def port() -> Generator[Port]:
    """A blank board."""
    port = Port()
    yield port
    assert port.close() == 130


@pytest.fixture(scope="module")
def button() -> Generator[Port]:
    """A board that runs the firmware."""
    port = Port("--firmware")
    port.wait_for("advertising")
    yield port
    assert port.close() == 130


def test_eval_and_exec(port: Port) -> None:
    assert port.mpremote("eval", "1 + 1") == "2\n"
    assert port.mpremote("exec", "import sys; print(sys.platform)") == "esp32\n"


def test_an_exception_is_shown_and_is_exit_code_1(port: Port) -> None:
    answer = port.mpremote("exec", "raise ValueError('so')", code=1)
    assert "ValueError: so" in answer
    assert "repl.py" not in answer


def test_run_a_local_script(port: Port, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("for i in range(3):\n    print('line', i)\n")
    assert port.mpremote("run", str(script)) == "line 0\nline 1\nline 2\n"


def test_copy_folders_both_ways(port: Port, tmp_path: Path) -> None:
    data = os.urandom(20_000)
    (tmp_path / "app" / "deep").mkdir(parents=True)
    (tmp_path / "app" / "deep" / "data.bin").write_bytes(data)
    (tmp_path / "app" / "main.txt").write_text("hello")
    port.mpremote("fs", "cp", "-r", str(tmp_path / "app"), ":")
    listing = port.mpremote("fs", "ls", ":app/deep")
    assert re.search(r"20000 data\.bin", listing)
    assert port.mpremote("fs", "cat", ":app/main.txt") == "hello"
    port.mpremote("fs", "cp", ":app/deep/data.bin", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == data
    port.mpremote("fs", "rm", "-r", ":app")
    assert "app" not in port.mpremote("fs", "ls")


def test_files_survive_a_reset(port: Port, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    port.mpremote("fs", "cp", str(tmp_path / "kept.txt"), ":")
    port.mpremote("reset")
    port.wait_for(">>> ")
    assert port.mpremote("fs", "cat", ":kept.txt") == "kept"


def test_mount_a_local_folder_and_import_from_it(port: Port, tmp_path: Path) -> None:
    (tmp_path / "mounted_module.py").write_text("ANSWER = bytes([3, 4, 10, 3])\n")
    answer = port.mpremote(
        "mount", str(tmp_path), "exec", "import mounted_module; print(mounted_module.ANSWER)"
    )
    assert answer.endswith("b'\\x03\\x04\\n\\x03'\n")


def test_a_soft_reset_forgets_variables_and_keeps_files(port: Port) -> None:
    port.mpremote("exec", "remembered = 1")
    assert port.mpremote("resume", "eval", "remembered") == "1\n"
    answer = port.mpremote("soft-reset", "resume", "exec", "print('remembered' in globals())")
    assert answer.endswith("False\n")


def test_ctrl_c_stops_a_program_that_computes(port: Port) -> None:
    port.mpremote("exec", "--no-follow", "while True: pass")
    assert port.mpremote("eval", "7") == "7\n"


def test_ctrl_c_stops_the_running_firmware(button: Port) -> None:
    assert "button" in button.mpremote("fs", "ls")
    assert button.mpremote("resume", "eval", "6 * 7") == "42\n"


def test_deploy_over_the_port(button: Port) -> None:
    done = subprocess.run(
        [VIGIE, "deploy", "--port", button.name], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "0 files written" in done.stdout
    done = subprocess.run(
        [VIGIE, "deploy", "--port", button.name, "--source"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "From sources the firmware takes 151 KiB of heap, and virtual has 108" in done.stderr
    assert "Leave --source out" in done.stderr


def test_a_board_with_much_heap_runs_sources(tmp_path: Path) -> None:
    board = tmp_path / "big.toml"
    board.write_text(
        (BOARDS / "virtual.toml").read_text().replace("heap_kib = 108", "heap_kib = 320")
    )
    port = Port(str(board))
    done = subprocess.run(
        [VIGIE, "deploy", "--port", port.name, "--board", str(board), "--source"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    log = port.mpremote("exec", "import button.app; print(button.app.__file__)")
    assert log == "button/app.py\n"
    assert port.close() == 130


def test_a_copy_by_hand_runs_and_the_next_deploy_replaces_it(tmp_path: Path) -> None:
    board = tmp_path / "big.toml"
    text = (BOARDS / "virtual.toml").read_text().replace("heap_kib = 108", "heap_kib = 320")
    board.write_text(text)
    config = tmp_path / "board_config.py"
    config.write_text(render_config(spec.load(str(board))))
    deploy: list[str | Path] = [VIGIE, "deploy", "--board", board, "--port"]
    port = Port(str(board))
    for firmware in ("on a blank board", "over a deployed one"):
        copy = [FIRMWARE / "button", FIRMWARE / "boot.py", FIRMWARE / "main.py", config]
        port.mpremote("fs", "cp", "-r", *map(str, copy), ":")
        port.mpremote("reset")
        port.wait_for("ready after reset")
        file = port.mpremote("exec", "import button.app; print(button.app.__file__)")
        assert file == "button/app.py\n", firmware
        done = subprocess.run([*deploy, port.name], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        file = port.mpremote("exec", "import button.app; print(button.app.__file__)")
        assert file == "button/app.mpy\n", firmware
    assert port.close() == 130


def test_the_port_can_be_linked_at_a_path(tmp_path: Path) -> None:
    link = tmp_path / "button"
    port = Port("--pty", str(link))
    assert port.name == str(link)
    assert port.mpremote("eval", "2") == "2\n"
    assert port.close() == 130
    assert not link.exists()


def test_flash_that_is_kept_outlives_the_board(tmp_path: Path) -> None:
    flash = str(tmp_path / "flash")
    (tmp_path / "note.txt").write_text("still here")
    first = Port("--flash", flash)
    first.mpremote("fs", "cp", str(tmp_path / "note.txt"), ":")
    first.close()
    second = Port("--flash", flash)
    assert second.mpremote("fs", "cat", ":note.txt") == "still here"
    second.close()
