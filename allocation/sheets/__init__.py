"""What a sheet is: cells with their roles and looks, forwarded to Excel or kept in memory."""
