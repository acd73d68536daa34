"""What `make audit` looks for beyond what tools know of themselves."""
