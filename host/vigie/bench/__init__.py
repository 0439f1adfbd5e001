"""What a board and a rig are, and those that exist."""
