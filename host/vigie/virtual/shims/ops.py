"""What the VM asks of its host, and what it is told: the numbers of ../bus.py.

An order takes up to four integers and some bytes and gives an integer; whatever else is a CALL,
with a name and plain values.
"""

WAIT, STALL, CALL = 0, 1, 2
FLUSH, PRINT, PRINT_RAW, KBD_INTR = 3, 4, 5, 6
WATCHDOG_ARM, WATCHDOG_FEED = 7, 8
FLASH_PROGRAM, FLASH_ERASE, FLASH_SYNC = 9, 10, 11
PIN_INIT, PIN_WRITE, PIN_READ, PIN_IRQ, PIN_PWM, ADC_READ = 12, 13, 14, 15, 16, 17
TIMER_START, TIMER_STOP = 18, 19
BLE_NOTIFY, BLE_INDICATE, BLE_UPDATE, BLE_ANSWER = 20, 21, 22, 23
SIGINT = 24
I2S_POLL, I2S_READ = 25, 26

PIN, TIMER, RX, BLE, BLE_ACTIVE, I2S = 1, 2, 3, 4, 5, 6  # events
UNMODELLED, FAILED = 1 << 32, (1 << 32) + 1  # errors that are no number of the chip's
