"""Periodontal charting: sites, attachment, indices, paths of the probe, proposals of stage."""
