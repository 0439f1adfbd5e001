"""Unmodified bleak programs on virtual phones."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import bleak

from vigie.radio.bleak_backend.adapter import AirAdapter
from vigie.radio.bleak_backend.client import AirClient
from vigie.radio.bleak_backend.scanner import AirScanner

_BACKENDS: dict[str, type[Any]] = {
    "get_platform_client_backend_type": AirClient,
    "get_platform_scanner_backend_type": AirScanner,
    "get_platform_adapter_backend_type": AirAdapter,
}


@contextmanager
def route_bleak() -> Generator[None]:
    """Inside the block, bleak objects that name no backend are virtual.

    They use the phone of the running task: see `VirtualRadio.in_use`.
    """
    originals = {name: vars(bleak)[name] for name in _BACKENDS}
    for name, backend in _BACKENDS.items():
        setattr(bleak, name, lambda backend=backend: (backend, backend.__name__))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(bleak, name, original)
