"""What `manage.py up` needs to run the whole product on one machine."""
