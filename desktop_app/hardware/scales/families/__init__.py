"""One module per family of scale protocols; ``scales.registry`` lists them all."""
