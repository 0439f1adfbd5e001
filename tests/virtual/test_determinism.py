"""Same seed, same bytes."""

import asyncio
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.virtual.programs import program, told
from vigie.bench.phones import make_phone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards import spec
from vigie.boards.spec import BoardSpec
from vigie.phone.outbox_export import export_jsonl
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.process import addresses_can_be_fixed
from vigie.virtual.world import World, open_world


def without_heap(packet: bytes) -> bytes:
    """The packet without the free heap that the button's state says.

    The collector keeps whatever looks like an address on the VM's stack, and what lies there
    depends on how often the host is asked: the one thing that leases do change.
    """
    notification, state = 0x1B, 0x03
    is_state = len(packet) > 18 and packet[9] == notification and packet[18] == state
    return packet[:-4] if is_state else packet


def story(seed: int, *, leases: bool = True, heap: bool = True) -> dict[str, str]:
    """Fingerprints of all that a story leaves behind."""
    same = bytes if heap else without_heap
    board_spec = spec.load("virtual")
    with tempfile.TemporaryDirectory() as name, open_world(seed, leases=leases) as world:
        folder = Path(name)
        board = world.add_board(board_spec, copy_home(firmware_home(board_spec), folder / "b"))
        rig = VirtualRig(board)
        phone = make_phone(world, folder)

        async def play() -> None:
            board.power_on()
            phone.lose(0.2)
            await phone.connect(within_s=60)
            await rig.press()
            await asyncio.sleep(5)
            await rig.press(2500)
            await asyncio.sleep(20)
            phone.walk_to(500)
            phone.lose(1.0)
            await rig.press()
            await asyncio.sleep(20)
            phone.walk_to(1)
            phone.lose(0.1)
            await asyncio.sleep(40)
            phone.record(False)
            await asyncio.sleep(20)
            board.machine_reset()
            await asyncio.sleep(30)

        world.run(play())
        assert phone.app is not None
        export_jsonl(phone.app.outbox, folder / "outbox.jsonl")
        seen = {
            "hci": repr(
                [(r.time_us, r.station, r.direction, same(r.packet)) for r in world.hci_log]
            ),
            "console": repr([x for x in board.console.lines if heap or "free" not in x.text]),
            "outputs": repr(board.gpio.outputs),
            "outbox": (folder / "outbox.jsonl").read_text(),
        }
        phone.close()
        board.power_off()
        digest = {k: hashlib.sha256(v.encode()).hexdigest() for k, v in seen.items()}
        return {**digest, "flash": hashlib.sha256(board.flash.image.read_bytes()).hexdigest()}


def fresh_story(**environment: str) -> str:
    """The story as another process tells it, with this environment."""
    code = "from tests.virtual.test_determinism import story; print(story(4))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_same_seed_same_bytes_and_another_seed_others() -> None:
    first = story(1)
    assert story(1) == first
    assert story(2)["hci"] != first["hci"]


def test_leases_change_nothing() -> None:
    assert story(3, leases=False, heap=False) == story(3, heap=False)


def test_neither_hash_seeds_nor_load_change_anything() -> None:
    answers: list[str] = []
    for hash_seed in ("1", "2"):
        busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
        try:
            answers.append(fresh_story(PYTHONHASHSEED=hash_seed))
        finally:
            for process in busy:
                process.kill()
                process.wait()
    assert answers[0] == answers[1] == f"{story(4)}\n"


def test_the_environment_changes_nothing() -> None:
    first = fresh_story(HOME="/", TZ="UTC")
    assert (
        fresh_story(HOME="/" + "a" * 180, MICROPYPATH="/x/" + "y" * 300, TZ="Asia/Tokyo") == first
    )


def test_objects_lie_at_the_same_addresses_where_the_system_allows_that(
    board_spec: BoardSpec, tmp_path: Path
) -> None:
    main = """
class A: pass
d = {}
for i in range(10): d[A()] = i
print("order", list(d.values()), id(d))
"""
    orders: set[str] = set()
    for i in range(4):
        with open_world() as world:
            board = program(world, board_spec, tmp_path / f"b{i}", main)
            orders.add(told(world, board, "^order"))
    assert len(orders) == 1 or not addresses_can_be_fixed()


def test_a_world_leaves_nothing_behind(world: World) -> None:
    open_files = Path("/proc/self/fd")
    if not open_files.exists():
        pytest.skip("this system does not show open files")
    before = len(list(open_files.iterdir()))
    for _ in range(3):
        story(5)
    assert len(list(open_files.iterdir())) <= before


def test_after_a_world_this_process_may_run_where_it_could_before() -> None:
    if not hasattr(os, "sched_getaffinity"):
        return
    before = os.sched_getaffinity(0)
    story(5)
    assert os.sched_getaffinity(0) == before
