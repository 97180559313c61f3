"""Stockproof 账实通: stock whose numbers explain themselves."""

__version__ = "0.1.0"
