"""What PyTorch computes, in double precision, for the gradients, losses and optimizers of src/engine/autodiff."""
