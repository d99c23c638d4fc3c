"""Periodontal charting: the grid and its graph, the keys, what is stored, what is proposed."""
