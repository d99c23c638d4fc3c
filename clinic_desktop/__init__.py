"""Clinic Desktop: the desktop application a dental clinic opens in the morning."""

__version__ = "0.1.0"
