"""The demo: the main job from key to contacts, told as it happens."""
