"""Stock: products, movements, use by treatment."""
