"""Measurements of size and speed, one registry: `python -m benchmarks`. See docs/scale.md."""
