"""Organisations, memberships, bodies, sign-in."""
