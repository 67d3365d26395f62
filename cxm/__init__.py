"""CXM: customer-experience management in which the journey map is the measuring instrument."""
