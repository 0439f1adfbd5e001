"""One peripheral of the chip a file, without policy."""
