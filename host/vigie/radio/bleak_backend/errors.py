"""Errors of the host stack in the words of bleak."""

from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import att, core, hci


def reason_text(reason: int) -> str:
    """Why a link has ended or an operation failed."""
    if reason == hci.HCI_SUCCESS:
        return "the radio was switched off"
    return hci.HCI_ErrorCode(reason).name


def as_bleak_error(error: core.BaseBumbleError) -> BleakError:
    """The error that an application expects."""
    if isinstance(error, att.ATT_Error):
        return BleakGATTProtocolError(int(error.error_code or 0))
    if isinstance(error, core.TimeoutError):
        return BleakError(f"the peer does not answer: {error}")
    if isinstance(error, hci.HCI_Error):
        return BleakError(f"the radio reports {reason_text(error.error_code or 0)}")
    return BleakError(str(error))
