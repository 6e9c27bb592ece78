"""A mock interview of forty-five minutes, and the command ``interview`` that begins it."""
