"""What the course's picture networks share: data, training loop, export, measurements, golden answers and card."""
