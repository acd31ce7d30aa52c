"""The doors: files in and out whole or not at all, text that stays text, limits once, where plain names are sought."""
