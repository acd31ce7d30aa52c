"""The receiving system's own template filled in, text files beside it, and what the system shows after import."""
