"""Recipes that make the course's networks, their golden answers and their cards."""
