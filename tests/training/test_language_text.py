"""Texts, their split, word pieces and blocks."""

import contextlib
import io
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from .language_needs import make_texts, missing_language, needs_language_packages

if not missing_language:
    import numpy as np

    from training.shared.errors import RecipeError
    from training.shared.language.corpus import Blocks, cut_blocks, encode_texts, open_corpus
    from training.shared.language.text import join_tokens, read_fiction, read_reviews, read_sentences
    from training.shared.language.wordpiece import SEP, SPECIAL, VOCABULARY_FILE, encode_with_holes, load_tokenizer, train_vocabulary

TEXTS = ["The cat sat on the mat.", "A cat and a hat, that is all!", "Naïve cats: sat, sat, sat."] * 4


def review(number):
    """A review like no other."""
    return f"Film {number} has {number * 7919 % 10007} scenes, said reviewer {number * 104729 % 99991}."


@needs_language_packages
class TextTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.shared = Path(folder.name)

    def test_held_out_reviews_are_runs_with_margins_and_no_copies_in_training(self):
        lines = [review(number) for number in range(5000)]
        lines[10] = lines[1210]  # a held-out text that stands in the training part, too
        make_texts(self.shared, lines)
        reviews = read_reviews(self.shared)
        self.assertEqual(reviews.held_out, lines[1200:1250] + lines[3700:3750])
        self.assertNotIn(lines[1210], reviews.train)
        self.assertNotIn(lines[1175], reviews.train)
        self.assertNotIn(lines[1279], reviews.train)
        self.assertEqual(len(reviews.train), 5000 - 2 * 110 - 1)

    def test_fiction_loses_its_line_breaks(self):
        make_texts(self.shared, [review(number) for number in range(1300)])
        texts = read_fiction(self.shared)
        self.assertTrue(texts[0].startswith("Once upon a time. The end. Once upon"))
        self.assertGreaterEqual(len(texts[0].split()), 250)

    def test_missing_damaged_and_short_texts_are_named(self):
        with self.assertRaisesRegex(RecipeError, "imdb-reviews.txt.xz is missing.*THAW_SHARED"):
            read_reviews(self.shared)
        make_texts(self.shared, [review(number) for number in range(30)])
        with self.assertRaisesRegex(RecipeError, "only 30 reviews"):
            read_reviews(self.shared)
        path = self.shared / "data" / "text" / "imdb-reviews.txt.xz"
        path.write_bytes(path.read_bytes()[:60])
        with self.assertRaisesRegex(RecipeError, "damaged or cut short"):
            read_reviews(self.shared)

    def test_sentences_read_either_header_and_refuse_others(self):
        folder = self.shared / "data" / "sst2"
        with self.assertRaisesRegex(RecipeError, "dev.tsv is missing"):
            read_sentences(self.shared, "dev")
        folder.mkdir(parents=True)
        (folder / "dev.tsv").write_text("label\tcontent\n1\tit is n't bad\n0\t-lrb- dull -rrb-\n")
        sentences = read_sentences(self.shared, "dev")
        self.assertEqual((sentences.texts, sentences.labels), (["it isn't bad", "( dull )"], [1, 0]))
        for text, complaint in (("label\ttext\n1\tgood\n", "label and sentence"), ("label\tsentence\n7\tgood\n", "line 2: a label 0 or 1")):
            (folder / "dev.tsv").write_text(text)
            with self.assertRaisesRegex(RecipeError, complaint):
                read_sentences(self.shared, "dev")

    def test_tokens_are_joined_where_pieces_would_differ(self):
        self.assertEqual(join_tokens("you ca n't say `` no ''"), 'you can\'t say " no "')


@needs_language_packages
class WordPieceTest(unittest.TestCase):
    def test_vocabulary_begins_with_the_special_pieces_and_is_the_same_again(self):
        pieces = train_vocabulary(TEXTS, 80)
        self.assertEqual(tuple(pieces[:5]), SPECIAL)
        self.assertEqual(len(pieces), len(set(pieces)))
        self.assertEqual(pieces, train_vocabulary(TEXTS, 80))

    def test_words_become_their_longest_pieces(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vocab.txt"
            path.write_text("\n".join([*SPECIAL, "un", "##aff", "##able", "##a", "naive", ",", "'"]) + "\n")
            tokenizer = load_tokenizer(path)
            self.assertEqual(tokenizer.encode("Unaffable,NAÏVE", add_special_tokens=False).tokens, ["un", "##aff", "##able", ",", "naive"])
            self.assertEqual(tokenizer.encode("un'zz", add_special_tokens=False).tokens, ["un", "'", "[UNK]"])
            self.assertEqual(encode_with_holes(tokenizer, "un [MASK], naive"), ["un", "[MASK]", ",", "naive"])
            path.write_text("[PAD]\n[PAD]\n")
            with self.assertRaisesRegex(RecipeError, "not a vocabulary"):
                load_tokenizer(path)
            with self.assertRaisesRegex(RecipeError, "training.bert vocabulary"):
                load_tokenizer(Path(folder) / "none.txt")

    @unittest.skipUnless(VOCABULARY_FILE.exists() if not missing_language else False, "no vocabulary in public/models/bert-mini yet")
    def test_the_courses_vocabulary_covers_plain_english(self):
        tokenizer = load_tokenizer()
        self.assertEqual(tokenizer.get_vocab_size(), 8000)
        self.assertEqual(tokenizer.encode("the movie was wonderful.", add_special_tokens=False).tokens, ["the", "movie", "was", "wonderful", "."])


@needs_language_packages
class CorpusTest(unittest.TestCase):
    def test_texts_end_with_sep_and_come_from_disk_the_second_time(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vocab.txt"
            path.write_text("\n".join(train_vocabulary(TEXTS, 80)) + "\n")
            tokenizer = load_tokenizer(path)
            row = encode_texts(tokenizer, TEXTS)
            self.assertEqual((row.dtype, int((row == SEP).sum())), (np.uint16, len(TEXTS)))
            read = unittest.mock.Mock(return_value=TEXTS)
            sources = {"reviews": read, "fiction": lambda: TEXTS[:2], "held_out": lambda: TEXTS[2:]}
            with contextlib.redirect_stdout(io.StringIO()):
                first, second = (open_corpus(Path(folder), tokenizer, sources) for _ in range(2))
            np.testing.assert_array_equal(first.reviews, row)
            np.testing.assert_array_equal(second.reviews, row)
            read.assert_called_once()
            [written] = Path(folder).glob("reviews*.u16")
            for missing_bytes in (1, 2, 2 * len(row)):
                written.write_bytes(row.tobytes()[:-missing_bytes])
                with self.assertRaisesRegex(RecipeError, "damaged or cut short"):
                    open_corpus(Path(folder), tokenizer, sources)

    def test_full_disk_is_named_and_leaves_nothing_half_written(self):
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")):
            path = Path(folder) / "vocab.txt"
            path.write_text("\n".join(train_vocabulary(TEXTS, 80)) + "\n")
            with contextlib.redirect_stdout(io.StringIO()), self.assertRaisesRegex(RecipeError, "No space left.*--corpus"):
                open_corpus(Path(folder), load_tokenizer(path), {"reviews": lambda: TEXTS})
            self.assertEqual([path.name for path in Path(folder).iterdir()], ["vocab.txt"])

    def test_blocks_pass_over_everything_and_do_not_depend_on_how_they_are_taken(self):
        row = np.arange(1000, dtype=np.uint16)
        blocks = Blocks(row, 10, [1])
        one_pass = blocks.take(0, blocks.count)
        self.assertEqual(len(set(one_pass[:, 0].tolist())), blocks.count)
        self.assertTrue(((one_pass[:, 1:] - one_pass[:, :-1]) == 1).all())
        self.assertNotEqual(one_pass[:, 0].tolist(), sorted(one_pass[:, 0].tolist()))
        np.testing.assert_array_equal(Blocks(row, 10, [1]).take(90, 20), Blocks(row, 10, [1]).take(80, 40)[10:30])
        self.assertEqual(cut_blocks(row, 300).shape, (3, 300))
        with self.assertRaisesRegex(RecipeError, "needs 2000"):
            Blocks(row, 1000, [1])


if __name__ == "__main__":
    unittest.main()
