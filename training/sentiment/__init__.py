"""sentiment-mini: bert-mini taught to tell praise from blame, and the same network taught from nothing for comparison."""
