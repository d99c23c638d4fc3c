"""Measurements beside the limit of the machine, compared as ratios."""
