"""The calendar: a day by provider, booked and moved by keys and mouse."""
