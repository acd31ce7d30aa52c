"""The ways in: what a person asks for in one issue of one fund, as a case workbook, a TOML file or options."""
