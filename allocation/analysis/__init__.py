"""What one asks of runs: comparison, explanation, causes, margins, the value that reaches a target."""
