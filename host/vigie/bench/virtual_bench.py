"""A bench of hardware made of software: a second board with wires to the first, and a radio port.

The tests of hardware reach all three like hardware: through serial ports and HCI over TCP.
"""

from dataclasses import replace
from pathlib import Path

from vigie.bench.board_rig import USUAL_PINS, PlayerPins
from vigie.boards.spec import BoardSpec
from vigie.radio.hci_tcp import ControllerServer
from vigie.virtual.board import VirtualBoard
from vigie.virtual.chip.gpio import Output
from vigie.virtual.pty_port import PtyPort
from vigie.virtual.world import World


class Wires:
    """From the player's pins to the key of a board, and from that board's outputs back.

    `edges` are those of the key, as (seconds on the world's clock, 1 pressed or 0 open).
    """

    def __init__(self, player: VirtualBoard, board: VirtualBoard, pins: PlayerPins = USUAL_PINS):
        self.edges: list[tuple[float, int]] = []
        self._player, self._board, self._pins = player, board, pins
        player.gpio.on_output.append(self._to_board)
        board.gpio.on_output.append(self._to_player)

    def _to_board(self, output: Output) -> None:
        if output.pin != self._pins.key or output.level is None:
            return
        key = self._board.spec.key
        pressed = output.level ^ key.active_low
        if pressed != (self.edges[-1][1] if self.edges else 0):
            self.edges.append((output.t_s, pressed))
        self._board.gpio.drive(key.pin, output.level)

    def _to_player(self, output: Output) -> None:
        spec = self._board.spec
        pins = {spec.siren.pin: self._pins.siren, spec.indicator.pin: self._pins.indicator}
        if (pin := pins.get(output.pin)) is not None:
            self._player.gpio.drive(pin, int(output.active))


class VirtualBench:
    """What is beside a virtual board on its bench, in a paced world. Close it before the world."""

    def __init__(
        self, world: World, board: VirtualBoard, folder: Path, *, skip_stalls: bool = True
    ):
        self._player = world.add_board(_player_spec(board.spec), folder, skip_stalls=skip_stalls)
        self._wires = Wires(self._player, board)
        self._radio = ControllerServer(world.air, world.hci_log)
        self._port: PtyPort | None = None

    async def start(self) -> list[str]:
        """Begin; what the tests of hardware are told of it, as words of a command line."""
        self._port = PtyPort(self._player.console)
        self._player.power_on()
        radio_port = await self._radio.listen()
        return [f"--rig board:{self._port.name}", f"--phone hci:127.0.0.1:{radio_port}"]

    def close(self) -> None:
        """Take it all away."""
        self._radio.close()
        self._player.power_off()
        if self._port:
            self._port.close()


def _player_spec(spec: BoardSpec) -> BoardSpec:
    return replace(spec, name="player", microphone=None)
