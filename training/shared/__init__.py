"""What all recipes share: data, augmentation, checkpoints, export and evaluation."""
