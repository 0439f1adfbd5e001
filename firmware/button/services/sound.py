"""The microphone's side of the button, put together: capture, recorder, shelf and courier."""

from button.core.recording import BLOCK_SAMPLES
from button.core.ring import Ring
from button.core.wire import MICROPHONE_FAILED, RECORDING
from button.services.capture import Capture
from button.services.courier import Courier
from button.services.recorder import Recorder
from button.services.shelf import Shelf

WORKING_BLOCKS = 12
"""Blocks (2 KiB, a quarter of a second at 16 kHz) between the microphone and the phone or flash:
three seconds for a phone that is slow, and for flash that is busy."""
WORKING_BLOCKS_BESIDE_PREROLL = 4
RESERVE_BYTES = 65536
"""Of flash, for the journal: no recording is worth an alert."""


class Sound:
    """Records. `services` are its tasks.

    Args:
        microphone: the driver.
        shift: right shift that makes 16 bits of the microphone's words.
        preroll_s: seconds before a press that are kept; 0 for none.
        quota_bytes: of flash that recordings may take.
        store: small files on flash.
        link: the way to the phone.
        alerts: they go before everything else.
        clock: time since the program began.
        log: where to say what happens.
        on_change: hears when a recording begins or ends, and whether that is a failure.
    """

    def __init__(
        self, microphone, shift, preroll_s, quota_bytes, store, link, alerts, clock, log, on_change
    ):
        rate_hz = microphone.rate_hz
        preroll_blocks = -(-preroll_s * rate_hz // BLOCK_SAMPLES)
        working = WORKING_BLOCKS_BESIDE_PREROLL if preroll_blocks else WORKING_BLOCKS
        ring = Ring(preroll_blocks + working)
        shelf = Shelf(store, log, quota_bytes, RESERVE_BYTES)
        capture = Capture(microphone, ring, clock, log, shift, self._on_block, self._on_broken)
        self._recorder = Recorder(
            capture, ring, shelf, clock, log, rate_hz, preroll_blocks, on_change
        )
        self._courier = Courier(shelf, self._recorder, link, alerts, clock, log)
        self.services = (capture, self._recorder, self._courier)

    def load(self):
        """Begin: what an earlier boot left goes to the phone, and a pre-roll listens."""
        self._recorder.load()

    def start(self, recording):
        """Record for this event."""
        self._recorder.start(recording)

    def stop(self):
        """End the recording, if there is one."""
        self._recorder.stop()

    def acknowledged(self, recording, next_index):
        """The phone has all chunks of a recording before this one."""
        self._courier.acknowledged(recording, next_index)

    def hurry(self):
        """A phone is there."""
        self._courier.wake()

    @property
    def flags(self) -> int:
        """Its part of the button's state."""
        recorder = self._recorder
        return (RECORDING if recorder.recording else 0) | (
            MICROPHONE_FAILED if recorder.microphone_failed else 0
        )

    def _on_block(self):
        self._recorder.heard()

    def _on_broken(self):
        self._recorder.broken()
