"""Lists to book from, and booking what they hold."""
