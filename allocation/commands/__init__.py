"""The commands, a file for each kind of work; they hold no arithmetic."""
