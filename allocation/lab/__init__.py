"""Searches of their own over many runs: sweeps, designs, calibration."""
