"""Agendas, meetings, answers, commitments."""
