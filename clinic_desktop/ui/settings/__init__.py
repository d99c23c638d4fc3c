"""The settings screen: sections that the features register, each with its own form."""
