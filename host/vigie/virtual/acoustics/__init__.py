"""What there is to hear: the room around the board, its microphone, its sounder."""
