"""What every room stands on. Imports nothing of ours and no Flask."""
