"""Scales: protocols as data, parsers without I/O, and the device that runs them."""
