"""How other systems write people, dates, amounts and codes, read column by column."""
