"""python -m training.gpt"""

from .command import main

main()
