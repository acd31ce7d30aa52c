"""What one does with runs: scenarios, comparison, explanation, search."""
