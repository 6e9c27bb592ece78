"""What the commands do. Standard library only until the environment stands."""
