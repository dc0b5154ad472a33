"""pytest fixtures around the offline user pool."""
