"""Papers: data in, PDF out."""
