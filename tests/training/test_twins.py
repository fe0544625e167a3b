"""The check for pixel twins finds what it should, and finds nothing across the split."""

import unittest

from .needs import missing, needs_python_packages, needs_sprites

if not missing:
    import torch

    from training.shared.vision.pictures import Pictures
    from training.shared.vision.twins import TWIN_DISTANCE, emoji_pairs, make_thumbs, nearest_pairs, photo_pairs


@needs_python_packages
class TwinsTest(unittest.TestCase):
    @needs_sprites
    def test_no_drawing_stands_on_both_sides(self):
        pairs = emoji_pairs(5)
        self.assertEqual(len(pairs), 5)
        self.assertEqual([pair for pair in pairs if pair.distance < TWIN_DISTANCE], [])

    def test_a_slightly_changed_copy_is_found(self):
        generator = torch.Generator().manual_seed(2)
        tiles = torch.randint(0, 240, (40, 3, 64, 64), dtype=torch.uint8, generator=generator)
        thumbs = make_thumbs(tiles)
        held = make_thumbs(torch.stack([tiles[31] + 3, 255 - tiles[4]]))
        [first, second] = nearest_pairs(held, thumbs, 2)
        self.assertEqual(first[1:], (0, 31))
        self.assertLess(first[0], TWIN_DISTANCE)
        self.assertGreater(second[0], TWIN_DISTANCE)

    def test_photos_are_named_by_class_and_place(self):
        tiles = torch.randint(0, 256, (6, 3, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
        train = Pictures(tiles, torch.tensor([0, 0, 0, 1, 1, 1]), ["one", "two"])
        val = Pictures(tiles[[4]], torch.tensor([0]), ["one", "two"])
        [pair] = photo_pairs(train, val, ["n1", "n2"], 1)
        self.assertEqual((pair.held, pair.trained), ("n1 0 (one)", "n2 1 (two)"))
        self.assertAlmostEqual(pair.distance, 0)
