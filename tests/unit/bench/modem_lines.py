"""A USB-serial adapter's lines with the transistor of the rig `rts` behind them."""

from collections.abc import Callable


class Lines:
    """Tells `pressed` when the transistor closes or opens the key. As opened: both asserted."""

    def __init__(self, pressed: Callable[[int], None]) -> None:
        self._pressed = pressed
        self._rts = self._dtr = True
        self._key = 0
        self.high = {"cts": False, "dsr": False}
        """Levels of the inputs: an input is asserted while it is low."""

    @property
    def rts(self) -> bool:
        return self._rts

    @rts.setter
    def rts(self, asserted: bool) -> None:
        self._rts = asserted
        self._conduct()

    @property
    def dtr(self) -> bool:
        return self._dtr

    @dtr.setter
    def dtr(self, asserted: bool) -> None:
        self._dtr = asserted
        self._conduct()

    @property
    def cts(self) -> bool:
        return not self.high["cts"]

    @property
    def dsr(self) -> bool:
        return not self.high["dsr"]

    def _conduct(self) -> None:
        key = int(self._rts and not self._dtr)
        if key != self._key:
            self._key = key
            self._pressed(key)
