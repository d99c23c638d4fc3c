"""What the worker does by itself: one-line calls of services and documents."""
