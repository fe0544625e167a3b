"""The picture networks that checks run over."""

from .needs import missing

if not missing:
    import torch

    from training.inception.model import INCEPTION
    from training.resnet.model import RESNET
    from training.vgg.model import VGG

    ARCHITECTURES = (RESNET, VGG, INCEPTION)


def build_lively(architecture, classes):
    """A network whose BatchNorms do something, negative slopes among them."""
    torch.manual_seed(3)
    network = architecture.build(classes)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.weight, 0.8, 0.5)
            torch.nn.init.normal_(module.bias, 0, 0.3)
            torch.nn.init.normal_(module.running_mean, 0, 0.3)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
    return network.eval()
