"""gpt-mini: a small GPT over the word pieces of bert-mini."""
