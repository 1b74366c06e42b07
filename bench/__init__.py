"""The measurements: the whole application against a bare one, in one run, on both engines (`make bench`)."""
