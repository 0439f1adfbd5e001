from typing import Any

from mpremote.transport import Transport

class SerialTransport(Transport):
    in_raw_repl: bool
    use_raw_paste: bool
    device_name: str
    mounted: bool
    is_pty: bool
    serial: Any
    def __init__(
        self,
        device: str,
        baudrate: int = ...,
        wait: int = ...,
        exclusive: bool = ...,
        timeout: float | None = ...,
    ) -> None: ...
    def close(self) -> None: ...
    def enter_raw_repl(self, soft_reset: bool = ..., timeout_overall: float = ...) -> None: ...
    def exec_raw_no_follow(self, command: str | bytes) -> None: ...
    def exit_raw_repl(self) -> None: ...
    def read_until(
        self,
        min_num_bytes: int,
        ending: bytes,
        timeout: float | None = ...,
        data_consumer: Any = ...,
        timeout_overall: float | None = ...,
    ) -> bytes: ...
    def exec(self, command: str | bytes, data_consumer: Any = ...) -> bytes: ...
    def eval(self, expression: str, parse: bool = ...) -> Any: ...
