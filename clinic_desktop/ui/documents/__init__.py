"""Papers on the screen: their pages to look at, to print and to keep as a file."""
