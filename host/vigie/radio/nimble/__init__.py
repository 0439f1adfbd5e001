"""A peripheral that behaves as MicroPython's Bluetooth stack on ESP32 (NimBLE) does."""
