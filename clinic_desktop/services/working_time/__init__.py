"""Working time: the week and single dates of the clinic, its providers and chairs."""
