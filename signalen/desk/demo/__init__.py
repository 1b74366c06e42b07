"""The demo: invented people, the demo signals, and dossiers in different stages, made through the same operations as the app."""
