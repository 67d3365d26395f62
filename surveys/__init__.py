"""Second floor, left wing: what the customer says."""
