"""Moving bytes to and from devices; what the bytes mean is decided elsewhere."""
