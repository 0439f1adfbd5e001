"""Reading files that people wrote or fetched: strictly, and with errors that say what to do."""
