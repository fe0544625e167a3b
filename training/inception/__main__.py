"""python -m training.inception [train|evaluate|export|golden|card] --source mixed …"""

from ..shared.vision.command import main
from .model import INCEPTION

main(INCEPTION)
