"""The local page: what is typed there and not yet saved, and the calls by which a browser asks what commands ask."""
