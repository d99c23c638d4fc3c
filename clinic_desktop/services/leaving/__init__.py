"""Bookings ahead of somebody who leaves, given to others."""
