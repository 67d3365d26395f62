"""Who is asked, when, and what became of the mail."""
