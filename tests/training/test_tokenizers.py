"""Lines, tables and answers that the site's tokenizers are compared with."""

import json
import unittest
import zlib

from .language_needs import missing_language, needs_language_packages

if not missing_language:
    from training.shared.files import ROOT
    from training.tokenizers import golden, unicode_tables
    from training.tokenizers.byte_vocabulary import load_byte_bpe
    from training.tokenizers.lines import Draw, character_lines, draw_lines


@needs_language_packages
class LinesTest(unittest.TestCase):
    def test_numbers_are_those_of_mulberry32(self):
        draw = Draw(1)
        # Math.floor(random() * 1000) of tests/fixtures/onnx/random.ts with the same seed
        self.assertEqual([draw.below(1000) for _ in range(4)], [627, 2, 527, 981])

    def test_lines_are_the_same_again_and_awkward(self):
        lines = draw_lines()
        self.assertEqual(lines, draw_lines())
        self.assertGreaterEqual(len(lines), 5000)
        for piece in ("[MASK]", "\0", "\u200d", "\u0301", "\u0130", "\U0001f469", "\u0e20", "\ud55c", "\U0010ffff"):
            self.assertTrue(any(piece in line for line in lines), repr(piece))
        self.assertTrue(any(len(word) > 100 for line in lines for word in line.split()))

    def test_characters_come_once_each(self):
        lines = character_lines()
        self.assertEqual(sum(line.count("aAb A1 ") for line in lines), 1)
        self.assertFalse(any(0xD800 <= ord(one) <= 0xDFFF for line in lines for one in line))


@needs_language_packages
class TablesTest(unittest.TestCase):
    def test_runs_and_steps_are_packed(self):
        self.assertEqual(unicode_tables.pack_set({2, 3, 40}), "2 2 10 1")
        self.assertEqual(unicode_tables.pack_classes({5: 230, 6: 230, 7: 1}), "5 2 6e 0 1 1")
        self.assertEqual(unicode_tables.pack_lower_case({65: 97, 66: 98, 256: 257, 258: 259, 300: 200}), "1t 2 1 1s 5b 2 2 2 18 1 1 5j")

    def test_the_committed_tables_are_those_of_this_library(self):
        head = unicode_tables.TARGET.read_text(encoding="utf8").split("\n", 1)[0]
        if f"tokenizers {golden.tokenizers.__version__};" not in head:
            self.skipTest("the tables were made by another version of tokenizers")
        pairs = unicode_tables.pack_lower_case(unicode_tables.lower_case_pairs())
        self.assertIn(f"export const lowerCase =\n  '{pairs}';\n", unicode_tables.TARGET.read_text(encoding="utf8"))


@needs_language_packages
class GoldenTest(unittest.TestCase):
    def committed(self, name):
        return json.loads((ROOT / "tests" / "golden" / f"tokenizer-{name}.json").read_text(encoding="utf8"))

    def test_the_committed_answers_are_this_librarys(self):
        lines = draw_lines()
        for name in ("bert-mini", "byte-bpe"):
            answers = self.committed(name)
            self.assertEqual(answers["made"]["linesChecksum"], zlib.crc32("\0".join(lines).encode()))
            self.assertEqual(answers["made"]["vocabulary"], golden.sha256_of(golden.vocabulary_of(name)))
            if answers["made"]["tokenizers"] != golden.tokenizers.__version__:
                self.skipTest("the goldens were made by another version of tokenizers")
            own = golden.checksums(golden.load(name, golden.PLAIN), lines[:400], golden.PLAIN)
            self.assertEqual(golden.pack(own), answers["checksums"]["lines"][:1600])

    def test_places_are_utf16(self):
        places = golden.utf16_places("a\U0001f469b")
        self.assertEqual([places(index) for index in range(4)], [0, 1, 3, 4])

    def test_every_token_of_the_small_vocabulary_can_be_written(self):
        tokenizer = load_byte_bpe()
        text = "".join(map(chr, range(1, 0x300)))
        self.assertEqual(tokenizer.decode(tokenizer.encode(text).ids), text)


if __name__ == "__main__":
    unittest.main()
