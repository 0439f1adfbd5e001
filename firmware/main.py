"""Start the button."""

import gc

# Collect early, or what lives long is scattered over the heap and no large piece is ever free.
gc.threshold(16384)

from button.app import main

main()
