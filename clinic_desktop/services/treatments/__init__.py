"""The price list: what the clinic offers, its prices and materials."""
