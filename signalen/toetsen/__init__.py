"""Decisions and their tests: four versioned questionnaires, one engine."""
