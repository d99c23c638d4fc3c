"""The look: tokens, colours, fonts, icons, patterns and the style sheet made from them."""
