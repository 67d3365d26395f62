"""Tags of public pages and mails."""
