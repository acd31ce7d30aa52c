"""A model file in TOML into a Model: schema, building, naming, loading."""
