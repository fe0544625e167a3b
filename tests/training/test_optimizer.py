"""What takes the steps of the language recipes."""

import unittest

from .language_needs import missing_language, needs_language_packages

if not missing_language:
    import torch

    from training.bert.kind import BERT
    from training.shared.language.optimizer import Float32Muon, make_optimizers, rate_at


@needs_language_packages
class OptimizerTest(unittest.TestCase):
    def test_every_parameter_has_one_optimizer(self):
        network = BERT.build()
        for with_muon in (True, False):
            held = [id(p) for each in make_optimizers(network, 0.1, with_muon) for group in each.param_groups for p in group["params"]]
            self.assertEqual(sorted(held), sorted(id(p) for p in network.parameters()))
        self.assertLess(rate_at(0, 1), 0.01)
        self.assertAlmostEqual(rate_at(0.04, 1), 1)
        self.assertAlmostEqual(rate_at(1, 1), 0)

    def test_muon_in_float32_steps_as_pytorchs(self):
        generator = torch.Generator().manual_seed(0)
        for shape in ((32, 32), (64, 32), (32, 64)):
            start = torch.randn(shape, generator=generator) * 0.02
            ours, theirs = torch.nn.Parameter(start.clone()), torch.nn.Parameter(start.clone())
            steps = [kind([p], lr=0.01, weight_decay=0.05, adjust_lr_fn="match_rms_adamw") for kind, p in ((Float32Muon, ours), (torch.optim.Muon, theirs))]
            for _ in range(3):
                ours.grad = torch.randn(shape, generator=generator)
                theirs.grad = ours.grad.clone()
                for step in steps:
                    step.step()
            # theirs multiplies in bfloat16, of eight bits
            self.assertLess(((ours - theirs).norm() / (theirs - start).norm()).item(), 0.02)
            self.assertEqual(steps[0].state_dict()["state"][0].keys(), steps[1].state_dict()["state"][0].keys())
