"""Bundle, weigh, agree on a synthesis; rounds and asks."""
