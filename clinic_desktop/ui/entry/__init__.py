"""Before the windows: the first start, opening the clinic's data, signing in, coming back."""
