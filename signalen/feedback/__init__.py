"""Deliveries, reactions, the follow page, the public board."""
