"""Compare: the finished HTML against the pages and the records, and each program run alone."""
