from collections.abc import Callable
from typing import Any

class TransportError(Exception): ...

class TransportExecError(TransportError):
    status_code: bytes
    error_output: str

class Transport:
    def fs_writefile(
        self,
        dest: str,
        data: bytes,
        chunk_size: int = ...,
        progress_callback: Callable[[int, int], Any] | None = ...,
    ) -> None: ...
    def fs_readfile(self, src: str, chunk_size: int = ...) -> bytearray: ...
