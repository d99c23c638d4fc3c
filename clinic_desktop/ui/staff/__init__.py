"""Settings of people: their sign-in, who works here, what roles allow, emergency access."""
