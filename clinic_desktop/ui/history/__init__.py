"""The history of a record: who changed what, and an earlier value put back."""
