"""python -m training.vgg [train|evaluate|export|golden|card] --source mixed …"""

from ..shared.vision.command import main
from .model import VGG

main(VGG)
