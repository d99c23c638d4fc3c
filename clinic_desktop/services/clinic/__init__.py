"""The clinic itself: its card, chairs, providers and hours."""
