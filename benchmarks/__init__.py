"""Timed work, never inside the test suite: ``python -m benchmarks [--quick] [--json FILE]``."""
