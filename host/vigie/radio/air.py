"""The air that radios share: who hears whom, how strongly, and how much is lost."""

import math
from random import Random
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bumble.controller import Controller
from bumble.link import LocalLink

from vigie.radio.path_loss import PathLoss

if TYPE_CHECKING:
    from vigie.radio.advertiser import AdvertisingEvent

Position = tuple[float, float]
"""Metres east and north of the origin."""


class Named(Protocol):
    """A station or its controller: faults and positions belong to the name, not to one boot."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...


@runtime_checkable
class Radio(Protocol):
    """What the air needs to know of a controller."""

    name: str

    def hear(self, event: "AdvertisingEvent", rssi_dbm: int) -> None:
        """Take in an advertisement."""
        ...

    def quality_changed(self) -> None:
        """Look again at the loss of all connections."""
        ...


class Air(LocalLink):
    """A bus for virtual controllers with distance, loss and a memory for who stands where.

    bumble's own LocalLink keeps its controllers in a set of objects, so that runs differ, sends
    every advertisement to everybody, and looks peers up by address, which fails with public
    addresses and when addresses rotate. Here controllers are ordered by arrival, only those that
    listen hear advertisements, and connections know their two ends.

    Args:
        seed: for everything that is left to chance on the air.
        path_loss: how signals fade with distance.
    """

    def __init__(self, seed: int = 0, path_loss: PathLoss | None = None):
        super().__init__()
        self.rng = Random(seed)
        self._path_loss = path_loss or PathLoss()
        self._stations: dict[str, Radio] = {}
        self._listeners: dict[Radio, None] = {}
        self._positions: dict[str, Position] = {}
        self._loss: dict[tuple[str, str], float] = {}
        self._jamming = 0.0

    def add_controller(self, controller: Controller) -> None:
        """Put a controller on the air. Called by the controller itself."""
        if not isinstance(controller, Radio):
            raise TypeError(
                f"{controller.name} has a stock controller, which this air cannot serve"
            )
        if controller.name in self._stations:
            raise ValueError(f"there is a station called {controller.name} on the air already")
        self._stations[controller.name] = controller

    def remove_controller(self, controller: Controller) -> None:
        """Take a controller off the air: it hears nothing from now on."""
        if isinstance(controller, Radio) and self._stations.get(controller.name) is controller:
            del self._stations[controller.name]
            self.listen(controller, False)

    def move(self, station: Named, position: Position) -> None:
        """Stand somewhere else; links feel it at once."""
        self._positions[station.name] = position
        self._refresh(station)

    def set_loss(self, a: Named, b: Named, probability: float | None) -> None:
        """Lose packets between two stations with a probability; None goes back to distance."""
        if probability is None:
            self._loss.pop(_pair(a, b), None)
        else:
            self._loss[_pair(a, b)] = _checked(probability)
        self._refresh(a)

    def jam(self, probability: float) -> None:
        """Lose packets between all stations, on top of distance and set losses; 0 ends it."""
        self._jamming = _checked(probability)
        for controller in list(self._stations.values()):
            controller.quality_changed()

    def distance_m(self, a: Named, b: Named) -> float:
        """Distance between two stations; those that never moved stand at the origin."""
        return math.dist(self._position(a), self._position(b))

    def rssi_dbm(self, a: Named, b: Named) -> int:
        """How strongly two stations hear each other, in the range that HCI can tell."""
        rssi_dbm = round(self._path_loss.rssi_dbm(self.distance_m(a, b)))
        return min(max(rssi_dbm, -127), 20)

    def loss(self, a: Named, b: Named) -> float:
        """Probability that a packet between two stations is lost."""
        loss = self._loss.get(_pair(a, b))
        if loss is None:
            loss = self._path_loss.packet_loss(self._path_loss.rssi_dbm(self.distance_m(a, b)))
        return loss + (1 - loss) * self._jamming

    def loses(self, a: Named, b: Named) -> bool:
        """Draw whether one packet between two stations is lost."""
        loss = self.loss(a, b)
        return loss >= 1 or (loss > 0 and self.rng.random() < loss)

    def listen(self, controller: Radio, listening: bool) -> None:
        """Remember whether a controller wants to hear advertisements."""
        if listening:
            self._listeners[controller] = None
        else:
            self._listeners.pop(controller, None)

    def advertise(self, event: "AdvertisingEvent") -> None:
        """Let every listener in reach hear an advertisement."""
        sender = event.advertiser.controller
        for listener in list(self._listeners):
            if listener is not sender and not self.loses(sender, listener):
                listener.hear(event, self.rssi_dbm(sender, listener))

    def _position(self, station: Named) -> Position:
        return self._positions.get(station.name, (0.0, 0.0))

    def _refresh(self, station: Named) -> None:
        if controller := self._stations.get(station.name):
            controller.quality_changed()


def _pair(a: Named, b: Named) -> tuple[str, str]:
    return (a.name, b.name) if a.name < b.name else (b.name, a.name)


def _checked(probability: float) -> float:
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is not a probability")
    return probability
