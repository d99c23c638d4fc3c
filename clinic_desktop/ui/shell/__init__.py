"""The window around the screens: rail, bars, palette, key help, remembered layout."""
