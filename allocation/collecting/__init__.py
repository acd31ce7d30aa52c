"""A folder of returned tables into one."""
