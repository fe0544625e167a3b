"""python -m training.resnet [train|evaluate|export|golden|card] --source mixed …"""

from .command import main

main()
