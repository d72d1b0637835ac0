"""Who stands in what relation to a case, and what that opens."""
