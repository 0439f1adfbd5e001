#define MICROPY_HW_BOARD_NAME "Vigie on ESP32-S3-DevKitC"
#define MICROPY_HW_MCU_NAME "ESP32S3"

// The console is behind the board's USB-serial chip.
#define MICROPY_HW_ENABLE_UART_REPL (1)
