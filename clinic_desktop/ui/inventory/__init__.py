"""Stock: products, what is left, what came and went."""
