"""`esp32`: non-volatile storage."""

import bus
from unmodelled import refuse

_NAMES = (
    "HEAP_DATA HEAP_EXEC Partition RMT ULP WAKEUP_ALL_LOW WAKEUP_ANY_HIGH gpio_deep_sleep_hold "
    "idf_heap_info idf_task_info mcu_temperature raw_temperature wake_on_ext0 wake_on_ext1 "
    "wake_on_gpio wake_on_touch wake_on_ulp"
)


def __getattr__(name):
    refuse("esp32", name, _NAMES)


class NVS:
    """Entries are written one by one: each is old or new after a power cut, never a mixture."""

    def __init__(self, namespace):
        if len(namespace) > 15:
            raise OSError(-0x1109)  # ESP_ERR_NVS_KEY_TOO_LONG
        self._namespace = namespace

    def set_i32(self, key, value):
        if not -0x80000000 <= value <= 0x7FFFFFFF:
            raise OverflowError("overflow converting long int to machine word")
        bus.call("nvs.set", self._namespace, key, value)

    def get_i32(self, key):
        return bus.call("nvs.get", self._namespace, key, True)

    def set_blob(self, key, value):
        bus.call("nvs.set", self._namespace, key, bytes(value))

    def get_blob(self, key, buffer):
        value = bus.call("nvs.get", self._namespace, key, False)
        if len(value) > len(buffer):
            raise OSError(-0x110C)  # ESP_ERR_NVS_INVALID_LENGTH
        buffer[: len(value)] = value
        return len(value)

    def erase_key(self, key):
        bus.call("nvs.erase", self._namespace, key)

    def commit(self):
        bus.call("nvs.commit", self._namespace)
