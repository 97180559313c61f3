"""Scanners: what each one does to a code, and how bytes of a serial or HID-POS one become codes."""
