"""bert-mini: a small BERT, its word pieces, and the head that guesses masked pieces."""
