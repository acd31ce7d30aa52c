"""What a sheet is: cells with their roles and looks, written into XlsxWriter's shell or kept in memory."""
