"""The lists to book from."""
