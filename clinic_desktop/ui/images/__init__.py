"""A patient's images: small ones side by side, one or two large, what is drawn over them."""
