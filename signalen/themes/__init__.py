"""Codes and their names, policy frames, recommendations."""
