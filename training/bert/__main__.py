"""python -m training.bert"""

from .command import main

main()
