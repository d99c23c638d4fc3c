"""The tables of the clinic."""
