"""The tooth chart, and completing a visit's work."""
