"""What happened in a test that failed, kept as files."""
