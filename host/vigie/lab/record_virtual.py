"""Records a model hand on a virtual board, with the same recorder as on a real one."""

import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec
from vigie.lab import hands, switches
from vigie.lab.models import Hand, Switch
from vigie.lab.recorder import Recorder
from vigie.lab.traces import Edge, Trace
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.serial import LoopTransport
from vigie.virtual.world import open_world


def virtual_recordings(
    spec: BoardSpec,
    rng: random.Random,
    hand: Hand,
    switch: Switch,
    labels: Sequence[str],
    pause_s: float,
) -> Iterator[Trace]:
    """What the recorder on a virtual board sees while this hand presses what the labels say."""
    presses = (switches.edges(rng, switch, hands.closings(rng, hand, label)) for label in labels)
    return record(spec, presses, pause_s, prefix=f"{hand.name}-{switch.name}-")


def record(
    spec: BoardSpec, presses: Iterable[Sequence[Edge]], pause_s: float, prefix: str = ""
) -> Iterator[Trace]:
    """What the recorder on a virtual board sees of these presses: one recording of each."""
    with tempfile.TemporaryDirectory(prefix="vigie-") as folder, open_world() as world:
        board = world.add_board(spec, copy_home(firmware_home(spec), Path(folder) / "board"))
        rig = VirtualRig(board)

        async def boot() -> None:
            board.power_on()
            await board.console.said("advertising", within_s=5)

        world.run(boot())
        transport = LoopTransport(world.loop, board)
        recorder = Recorder(transport, spec, pause_s)
        recordings = recorder.recordings(prefix=prefix)
        for edges in presses:
            world.loop.call_later(0.3, rig.play, edges)
            yield next(recordings)
        recorder.stop()
        transport.close()
