"""What PyTorch and NumPy print for the snippets and lessons of the tensor bench."""
