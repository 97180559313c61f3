"""Devices on the screen: what is connected, how it is, trying it, and photos."""
