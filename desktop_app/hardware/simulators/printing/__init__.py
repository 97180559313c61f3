"""How a simulated printer understands each language: bytes back into pictures."""
