#define MICROPY_HW_BOARD_NAME "Vigie on ESP32 development board"
#define MICROPY_HW_MCU_NAME "ESP32"
