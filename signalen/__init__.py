"""Signalen: signals from people's lives, bundled, put to the city, and answered."""
