"""The course's ResNet: basic blocks, 3×64×64 in, widths 32, 64, 128, 256."""
