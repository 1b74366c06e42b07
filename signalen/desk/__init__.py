"""Pages and daily jobs that look over all rooms."""
