"""How the parts of a controller answer commands of the host."""

from collections.abc import Callable
from typing import Any

from bumble.hci import HCI_ErrorCode, HCI_ReturnParameters, HCI_StatusReturnParameters

Command = Any
"""A command of the host. bumble's decorators hide its fields from type checkers."""

Handler = Callable[[Command], HCI_ReturnParameters | None]
"""Returns what completes a command, or None if it has sent a Command Status itself."""

Handlers = dict[str, Handler]
"""By the name of the command's op code in bumble.hci."""


def status(code: HCI_ErrorCode) -> HCI_StatusReturnParameters:
    """An answer that is only a status."""
    return HCI_StatusReturnParameters(code)


OK = status(HCI_ErrorCode.SUCCESS)
DISALLOWED = status(HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
INVALID = status(HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR)
UNSUPPORTED = status(HCI_ErrorCode.UNSUPPORTED_FEATURE_OR_PARAMETER_VALUE_ERROR)
