"""A tiny training of every language recipe, from start to exported files, in one process and in two, and what can go wrong."""

import contextlib
import importlib
import io
import json
import math
import os
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from .language_needs import make_texts, missing_language, needs_language_packages

if not missing_language:
    import torch

    from training.bert import command as bert
    from training.bert.kind import BERT
    from training.bert.masking import mask_pieces
    from training.gpt import command as gpt
    from training.gpt.kind import GPT
    from training.gpt.sample import join_pieces
    from training.sentiment import command as sentiment
    from training.sentiment.data import Encoded, choose_few, make_sentences, plan_batches
    from training.sentiment.kind import SENTIMENT
    from training.sentiment.train import begin_network
    from training.shared.checkpoint import read_checkpoint
    from training.shared.files import ROOT
    from training.shared.language.command import parse_options
    from training.shared.language.export import load_network
    from training.shared.language.wordpiece import MASK

    from .test_devices import run_processes

    RECIPES = {"bert": (BERT, bert), "gpt": (GPT, gpt), "sentiment": (SENTIMENT, sentiment)}


def run(recipe, *arguments):
    """Exit code, standard output and error of a recipe's command."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            RECIPES[recipe][1].main(list(arguments))
        except SystemExit as end:
            code = end.code
    return code, out.getvalue(), err.getvalue()


@needs_language_packages
class SmokeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory()
        cls.addClassCleanup(made.cleanup)
        cls.folder = Path(made.name)

    def options(self, recipe, *more, run_folder=None):
        folder = run_folder or f"{RECIPES[recipe][0].id}-smoke"
        return ("--smoke", "--threads", "1", "--run", f"{self.folder}/{folder}", *more)

    def succeed(self, recipe, *arguments):
        code, out, err = run(recipe, *arguments)
        self.assertEqual(code, 0, err)
        return out

    def test_every_recipe_trains_exports_measures_and_describes(self):
        for recipe, (kind, _) in RECIPES.items():
            with self.subTest(recipe):
                self.assertIn("loss", self.succeed(recipe, *self.options(recipe)))
                self.assertGreater((torch.tensor([1e-40]) * 1).item(), 0, "arithmetic after a training is not as before")
                model = ("--model", f"{self.folder}/{kind.id}")
                for action in ("export", "evaluate", "golden", "card"):
                    self.succeed(recipe, action, *self.options(recipe, *model, "--write", "--note", "Only a test."))
                self.check_files(kind, self.folder / kind.id)
        self.check_that_the_file_begins_as_the_checkpoint_does()
        self.check_that_a_training_begins_with_a_file()

    def check_that_the_file_begins_as_the_checkpoint_does(self):
        """The committed file is what is left of bert-mini once its run is gone; its matrices are rounded to 8 bits."""
        networks = {}
        for name, path in (("checkpoint", "bert-mini-smoke/checkpoint.pt"), ("file", "bert-mini/model.onnx")):
            args = parse_options(sentiment.make_options(), ["train"], SENTIMENT.id, ["--smoke", "--source", f"{self.folder}/{path}"])
            networks[name] = begin_network(args).state_dict()
        for name, weight in networks["checkpoint"].items():
            apart = (networks["file"][name] - weight).norm().item()
            self.assertLessEqual(apart, 0.02 * weight.norm().item(), name)
        self.assertGreater(networks["file"]["embeddings.word.weight"].norm().item(), 0)

    def check_that_a_training_begins_with_a_file(self):
        file, folder = f"{self.folder}/bert-mini/model.onnx", f"{self.folder}/begun"
        options = ("--smoke", "--threads", "1", "--run", folder, "--begin", file)
        self.succeed("bert", *options, "--learning-rate", "0", "--weight-decay", "0")
        begun, made = read_checkpoint(Path(folder) / "checkpoint.pt")["model"], load_network(BERT, Path(file)).state_dict()
        for name, weight in made.items():
            self.assertTrue(torch.equal(begun[name], weight), name)
        for action in ("export", "evaluate", "card"):
            self.succeed("bert", action, *options, "--learning-rate", "0", "--model", folder, "--write")
        self.assertIn(f"--begin {file}", (Path(folder) / "card.mdx").read_text())
        committed = str(ROOT / "public" / "models" / "bert-mini" / "model.onnx")
        code, _, err = run("bert", *self.options("bert", "--begin", committed, run_folder="other"))
        self.assertEqual(code, 2)
        self.assertIn("holds no bert-mini of this size", err)

    def check_files(self, kind, folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        package = importlib.import_module(manifest["recipe"].replace("/", "."))
        self.assertTrue(callable(package.measure_again))
        self.assertEqual((manifest["id"], manifest["task"]), (kind.id, kind.task))
        for file in manifest["files"].values():
            self.assertEqual((folder / file["path"]).stat().st_size, file["sizeBytes"], file["path"])
        self.assertEqual("labels" in manifest["files"], kind is SENTIMENT)
        self.assertEqual(manifest["output"]["classes"], 2 if kind is SENTIMENT else 600)
        self.assertTrue(all(math.isfinite(row["value"]) for row in manifest["measured"]))
        self.assertTrue(any("int8" in row["name"] for row in manifest["measured"]))
        golden = json.loads((folder / "golden.json").read_text())
        self.assertEqual(golden["made"]["model"]["sha256"], manifest["files"]["weights"]["sha256"])
        for case in golden["cases"]:
            self.assertEqual(len(case["ids"]), len(case["pieces"]))
            self.assertEqual(case["values"]["logits"]["shape"][-1], manifest["output"]["classes"])
        card = (folder / "card.mdx").read_text()
        self.assertEqual("## Samples" in card, kind is GPT)
        self.assertIn(manifest["files"]["weights"]["sha256"], card)
        self.assertIn("Only a test.", card)
        for row in manifest["measured"]:
            self.assertIn(f"| {row['name']} | {row['value']:.1f} {row['unit']} |", card)

    def test_a_stopped_training_goes_on_as_if_it_had_not_stopped(self):
        options = lambda folder: self.options("gpt", run_folder=folder)
        self.succeed("gpt", *options("whole"))
        with unittest.mock.patch("training.shared.language.loop._take_step", side_effect=self.stop_after(3)):
            with self.assertRaises(KeyboardInterrupt):
                run("gpt", *options("stopped"), "--save-minutes", "0")
        self.assertIn("resumed at step", self.succeed("gpt", *options("stopped")))
        whole, stopped = (read_checkpoint(self.folder / name / "checkpoint.pt") for name in ("whole", "stopped"))
        for name, weight in whole["model"].items():
            torch.testing.assert_close(stopped["model"][name], weight, msg=name)
        self.assertIn("nothing to do", self.succeed("gpt", *options("whole")))

    def test_a_finished_training_can_be_extended(self):
        options = lambda *more: self.options("gpt", *more, run_folder="extended")
        self.succeed("gpt", *options("--smoke-steps", "2"))
        code, _, err = run("gpt", *options("--smoke-steps", "4"))
        self.assertEqual(code, 2)
        self.assertIn("--steps 2, not 4", err)
        self.assertIn("resumed at step 2", self.succeed("gpt", *options("--smoke-steps", "4", "--extend")))
        self.assertEqual(read_checkpoint(self.folder / "extended" / "checkpoint.pt")["options"]["steps"], 4)

    def stop_after(self, steps):
        from training.shared.language.loop import _take_step

        left = iter(range(steps))

        def take(*arguments):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return _take_step(*arguments)

        return take

    def test_two_processes_take_the_steps_of_one(self):
        options = ("--smoke", "--threads", "1", "--device", "cpu", "--smoke-steps", "2", "--run-folder")
        self.succeed("gpt", *options, f"{self.folder}/one")
        done = run_processes(2, "-m", "training.gpt", *options, f"{self.folder}/two")
        self.assertEqual(done.returncode, 0, done.stderr)
        one, two = (read_checkpoint(self.folder / name / "checkpoint.pt") for name in ("one", "two"))
        self.assertEqual(two["processes"], 2)
        for name, weight in one["model"].items():
            torch.testing.assert_close(two["model"][name], weight, atol=1e-4, rtol=1e-3, msg=name)

    def test_comparison_trains_each_case_once(self):
        self.succeed("bert", *self.options("bert", run_folder="comparison/bert-mini-smoke"))
        options = self.options("sentiment", "--smoke-steps", "1", "--seeds", "1", "--few-seeds", "2", run_folder="comparison/compared")
        self.succeed("sentiment", "compare", *options)
        results = json.loads((self.folder / "comparison" / "compared" / "compare.json").read_text())
        self.assertEqual([len(seeds) for seeds in results.values()], [1, 1, 2, 2])
        self.assertEqual(self.succeed("sentiment", "compare", *options), "")

    def test_another_training_in_the_same_folder_is_refused(self):
        self.succeed("gpt", *self.options("gpt", run_folder="taken"))
        code, _, err = run("bert", *self.options("bert", run_folder="taken"))
        self.assertEqual(code, 2)
        self.assertIn("belongs to another training (gpt-mini)", err)
        code, _, err = run("gpt", *self.options("gpt", "--seed", "2", run_folder="taken"))
        self.assertIn("was trained with --seed 1, not 2", err)
        code, _, err = run("sentiment", *self.options("sentiment", "--source", f"{self.folder}/none.pt"))
        self.assertIn("There is no checkpoint", err)

    def test_full_disk_keeps_the_last_checkpoint(self):
        options = self.options("gpt", "--save-minutes", "0", run_folder="full")
        full = OSError(28, "No space left on device")
        real, calls = torch.save, []

        def save(*arguments):
            calls.append(1)
            if len(calls) > 2:
                raise full
            real(*arguments)

        with unittest.mock.patch("torch.save", save):
            out = self.succeed("gpt", *options)
        self.assertIn("No space left", out)
        self.assertEqual(read_checkpoint(self.folder / "full" / "checkpoint.pt")["step"], 2)
        with unittest.mock.patch("os.replace", side_effect=full):
            code, _, err = run("gpt", "export", *options, "--model", f"{self.folder}/full-model")
        self.assertEqual(code, 2)
        self.assertIn("Make room", err)
        self.assertEqual(os.listdir(self.folder / "full-model"), [])


@needs_language_packages
class ErrorsTest(unittest.TestCase):
    def test_wrong_data_folder_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for recipe, part in (("bert", "imdb-reviews.txt.xz is missing"), ("gpt", "imdb-reviews.txt.xz is missing"), ("sentiment", "train.tsv.gz is missing")):
                vocabulary = Path(folder) / "vocab.txt"
                vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"]) + "\n")
                with unittest.mock.patch("training.shared.language.sources.VOCABULARY_FILE", vocabulary):
                    code, _, err = run(recipe, "--shared", folder, "--run", f"{folder}/run/x", "--threads", "1")
                self.assertEqual(code, 2)
                self.assertIn(part, err)
                self.assertIn("THAW_SHARED", err)

    def test_a_loss_that_is_no_number_ends_the_training_and_keeps_the_checkpoint(self):
        with tempfile.TemporaryDirectory() as folder:
            options = ("--smoke", "--threads", "1", "--run", f"{folder}/run", "--save-minutes", "0")
            with unittest.mock.patch("training.shared.language.loop._take_step", side_effect=[6.0, math.nan]):
                code, _, err = run("gpt", *options)
            self.assertEqual(code, 2)
            self.assertIn("lower --learning-rate", err)
            self.assertEqual(read_checkpoint(Path(folder) / "run" / "checkpoint.pt")["step"], 1)

    def test_texts_of_the_data_folder_are_encoded(self):
        with tempfile.TemporaryDirectory() as folder:
            make_texts(Path(folder), [f"review {number} of film {number * 7919 % 10007} by {number * 104729 % 99991}" for number in range(1300)])
            vocabulary = Path(folder) / "vocab.txt"
            with unittest.mock.patch("training.shared.language.sources.VOCABULARY_FILE", vocabulary):
                code, _, err = run("bert", "vocabulary", "--shared", folder)
                self.assertEqual(code, 0, err)
                code, out, err = run("bert", "--shared", folder, "--run", f"{folder}/runs/bert", "--threads", "1", "--steps", "1", "--batch", "256")
            self.assertEqual(code, 0, err)
            self.assertIn("encoding held_out", out)


    def test_committed_models_can_be_measured_again(self):
        for recipe, (kind, _) in RECIPES.items():
            package = importlib.import_module(f"training.{recipe}")
            with tempfile.TemporaryDirectory() as folder, unittest.mock.patch(f"training.{recipe}.measure.evaluate", return_value=[1]) as evaluate:
                self.assertEqual(package.measure_again({"id": kind.id}, Path(folder), Path("shared"), 1), [1])
            options = evaluate.call_args.args[0]
            self.assertEqual((options.model, options.shared, options.threads, options.write), (folder, "shared", 1, False))


@needs_language_packages
class PartsTest(unittest.TestCase):
    def test_masking_follows_bert(self):
        ids = torch.randint(5, 1000, (200, 100), generator=torch.Generator().manual_seed(0))
        ids[:, 0] = 2
        masked = mask_pieces(ids, 0.15, 1000, torch.Generator().manual_seed(1))
        holes = masked.ids.flatten()[masked.at]
        self.assertAlmostEqual(len(masked.at) / (200 * 99), 0.15, delta=0.01)
        self.assertAlmostEqual((holes == MASK).float().mean().item(), 0.8, delta=0.03)
        self.assertAlmostEqual((holes == masked.targets).float().mean().item(), 0.1, delta=0.02)
        torch.testing.assert_close(ids.flatten()[masked.at], masked.targets)
        self.assertTrue((masked.ids[:, 0] == 2).all())
        self.assertGreaterEqual(int(holes.min()), MASK)
        self.assertEqual(len(mask_pieces(torch.tensor([[2, 7, 3]]), 0.0, 10, torch.Generator()).at), 1)

    def test_few_sentences_are_balanced_and_batches_cover_all(self):
        sentences = make_sentences("train")
        encoded = Encoded([[2, *range(5, 5 + 6 + place % 5), 3] for place in range(len(sentences))], sentences.labels)
        few = choose_few(encoded, 10, 1)
        self.assertEqual((len(few), sum(few.labels)), (20, 10))
        batches = plan_batches(encoded, 16, 1, 0)
        self.assertEqual(len({place for batch in batches for place in batch}), 16 * (len(sentences) // 16))
        self.assertNotEqual(batches, plan_batches(encoded, 16, 1, 1))
        part = encoded.batch([0, 4])
        self.assertEqual((part.ids.shape, part.mask.sum(1).tolist()), ((2, 12), [8, 12]))

    def test_pieces_become_readable_text(self):
        self.assertEqual(join_pieces(["it", "'", "s", "won", "##der", "##ful", "(", "really", ")", "!"]), "it's wonderful (really)!")


if __name__ == "__main__":
    unittest.main()
