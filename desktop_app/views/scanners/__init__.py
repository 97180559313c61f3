"""Screens about scanners: the last codes, teaching an unknown one, teaching a scanner."""
