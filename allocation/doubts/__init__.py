"""Doubts (待核事项): what the program cannot know and must not guess, said at once and resolved by a person."""
