from os import PathLike
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

class LibsndfileError(RuntimeError): ...

class SoundFile:
    samplerate: int
    channels: int
    frames: int

def read(
    file: str | PathLike[str] | BinaryIO,
    frames: int = ...,
    start: int = ...,
    stop: int | None = ...,
    dtype: str = ...,
    always_2d: bool = ...,
) -> tuple[NDArray[Any], int]: ...
def write(
    file: str | PathLike[str] | BinaryIO,
    data: NDArray[np.int16] | NDArray[np.float64],
    samplerate: int,
    subtype: str | None = ...,
    format: str | None = ...,
) -> None: ...
def info(file: str | PathLike[str]) -> Any: ...
