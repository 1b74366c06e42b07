"""Take in, read, place and protect signals; givers and follow codes."""
