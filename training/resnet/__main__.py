"""python -m training.resnet [train|evaluate|export|golden|card] --source mixed …"""

from ..shared.vision.command import main
from .model import RESNET

main(RESNET)
