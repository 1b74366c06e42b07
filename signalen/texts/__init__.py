"""Public texts: versions per language, where they come from, second reader, panel marks, reading check."""
