"""Topics of texts: words that meet in the same texts stand together, whatever stands beside them."""

import tempfile
import unittest
from pathlib import Path

from .language_needs import missing_language, needs_language_packages

if not missing_language:
    import numpy as np
    import torch
    import torch.nn.functional as F

    from training.bert.topics import DIMENSIONS, RARE, count_together, find_piece_topics, open_piece_topics, place_texts, topic_axes
    from training.shared.errors import RecipeError
    from training.shared.language.wordpiece import SEP

    PIECES = 60


def make_row(texts=400):
    """Texts of twelve pieces, in turns from 10–29 and from 30–49, each with the commonest pieces 50–52."""
    generator = np.random.default_rng(0)
    rows = [[*generator.choice(20, 12, replace=False) + 10 + 20 * (text % 2), 50, 51, 52, SEP] for text in range(texts)]
    return np.concatenate(rows).astype(np.uint16)


@needs_language_packages
class TopicsTest(unittest.TestCase):
    def test_pieces_of_the_same_texts_get_like_vectors(self):
        vectors = F.normalize(find_piece_topics(make_row(), PIECES), dim=1)
        alike = vectors @ vectors.T
        self.assertGreater(alike[10:30, 10:30].mean().item(), 0.4)
        self.assertLess(alike[10:30, 30:50].mean().item(), 0.05)

    def test_common_rare_and_special_pieces_say_nothing(self):
        row = make_row()
        vectors = find_piece_topics(np.concatenate([row, np.array([55, 10, SEP], np.uint16)]), PIECES)
        self.assertLess(vectors[50:53].norm(dim=1).max().item(), 0.2 * vectors[10:50].norm(dim=1).mean().item())
        self.assertLess(vectors[55].abs().max().item(), 1e-5)  # in fewer than RARE texts
        self.assertLess(vectors[SEP].abs().max().item(), 1e-5)
        self.assertGreater(RARE, 1)

    def test_pairs_are_counted_once_a_text(self):
        row = np.array([10, 10, 11, SEP, 11, 12, SEP], np.uint16)
        together, texts = count_together(row, PIECES)
        self.assertEqual(texts, 2)
        self.assertEqual([together[a, b].item() for a, b in ((10, 10), (10, 11), (11, 11), (10, 12), (12, 11))], [1, 1, 2, 0, 1])

    def test_a_block_has_topics_only_within_one_text(self):
        row = make_row(40)
        topics = place_texts(row, torch.randn(PIECES, DIMENSIONS, generator=torch.Generator().manual_seed(1)))
        torch.testing.assert_close(topics.values.mean(0), torch.zeros(DIMENSIONS), atol=0.05, rtol=0)
        inside, wanted = topics.of(torch.tensor([0, 5, 6, 16, -1, len(row) - 11]), 10)
        self.assertEqual(inside.tolist(), [True, True, False, True, False, True])  # a text has 16 pieces, its [SEP] among them
        torch.testing.assert_close(wanted[[0, 3, 5]], topics.values[[0, 1, 39]])

    def test_axes_are_orthonormal_and_always_the_same(self):
        axes = topic_axes(256)
        torch.testing.assert_close(axes @ axes.T, torch.eye(DIMENSIONS), atol=1e-5, rtol=0)
        torch.testing.assert_close(axes, topic_axes(256))

    def test_vectors_are_found_once_and_a_damaged_file_is_named(self):
        row = make_row()
        with tempfile.TemporaryDirectory() as name:
            found = open_piece_topics(Path(name), row, PIECES)
            path = next(Path(name).iterdir())
            before = path.stat().st_mtime_ns
            torch.testing.assert_close(open_piece_topics(Path(name), row, PIECES), found)
            self.assertEqual(path.stat().st_mtime_ns, before)
            path.write_bytes(path.read_bytes()[:200])
            with self.assertRaisesRegex(RecipeError, "damaged or cut short"):
                open_piece_topics(Path(name), row, PIECES)
