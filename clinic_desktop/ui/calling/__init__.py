"""What lists of people to call share: the table, the panel beside it, figures that record."""
