"""Teeth: their numbers, order, surfaces, measures and outlines, and what a chart says of them."""
