"""Pure logic: times are arguments, results are values. Runs in CPython and on the chip."""
