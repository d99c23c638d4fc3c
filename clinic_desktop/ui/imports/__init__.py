"""Bringing in what other systems export, and taking it back."""
