"""python -m training.sentiment"""

from .command import main

main()
