"""What happens to sound: from untrusted bytes to measured clips. No framework, no database, no network."""
