"""Devices made of code: the program's own try-outs and the tests use the same ones."""
