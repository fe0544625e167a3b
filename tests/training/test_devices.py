"""One process, or several under torchrun: the same numbers."""

import argparse
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from .needs import missing, needs_python_packages

ROOT = Path(__file__).resolve().parents[2]

if not missing:
    import torch

    from training.shared.devices import Devices, add_device_options, open_devices
    from training.shared.errors import RecipeError

# Two processes take one step on the two halves of a batch; the first writes the weights that result.
WORKER = """
import os, sys, torch, argparse
from training.shared.devices import add_device_options, open_devices
parser = argparse.ArgumentParser()
add_device_options(parser)
with open_devices(parser.parse_args(["--device", "cpu", "--threads", "1"])) as devices:
    torch.manual_seed(7)
    network = torch.nn.Linear(3, 2)
    pixels, wrapped = torch.randn(8, 3), devices.wrap(network)
    share = devices.share_of(8)
    wrapped(pixels[devices.rank * share:][:share]).square().mean().backward()
    torch.optim.SGD(network.parameters(), 0.1).step()
    agreed, mean = devices.agree(10.0 + devices.rank), devices.average(float(devices.rank))
    if devices.is_main:
        torch.save({"weight": network.weight.detach(), "agreed": agreed, "mean": mean, "world": devices.world_size}, sys.argv[1])
os._exit(0)  # this process holds Gloo's threads to its end, and the interpreter may abort over them
"""


def options(*arguments):
    """Parsed device options."""
    parser = argparse.ArgumentParser()
    add_device_options(parser)
    return parser.parse_args(arguments)


def run_processes(count, *command, timeout=240):
    """Runs a Python command in `count` processes as torchrun does; returns the finished launcher."""
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run([*launcher, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout)


@needs_python_packages
class DevicesTest(unittest.TestCase):
    def test_two_processes_take_the_step_of_one(self):
        with tempfile.TemporaryDirectory() as folder:
            script, result = Path(folder) / "worker.py", Path(folder) / "result.pt"
            script.write_text(WORKER)
            done = run_processes(2, str(script), str(result))
            self.assertEqual(done.returncode, 0, done.stderr)
            both = torch.load(result)
        torch.manual_seed(7)
        network = torch.nn.Linear(3, 2)
        network(torch.randn(8, 3)).square().mean().backward()
        torch.optim.SGD(network.parameters(), 0.1).step()
        torch.testing.assert_close(both["weight"], network.weight.detach())
        self.assertEqual((both["agreed"], both["mean"], both["world"]), (10.0, 0.5, 2))

    def test_one_process_changes_nothing(self):
        with open_devices(options("--device", "cpu", "--threads", str(torch.get_num_threads()))) as devices:
            network = torch.nn.Linear(1, 1)
            self.assertIs(devices.wrap(network), network)
            self.assertEqual((devices.share_of(7), devices.seed_of(3), devices.agree(2.5), devices.average(1.5)), (7, 3, 2.5, 1.5))
            self.assertTrue(devices.is_main)
            self.assertFalse(devices.bf16)

    def test_processes_draw_different_pictures(self):
        seeds = {Devices(torch.device("cpu"), rank, 4).seed_of(1) for rank in range(4)}
        self.assertEqual(len(seeds), 4)

    def test_what_cannot_be_is_named(self):
        with self.assertRaisesRegex(RecipeError, "does not divide among 3"):
            Devices(torch.device("cpu"), 0, 3).share_of(128)
        for device, sentence in (("cuda:99", "GPUs here"), ("mps", "not supported"), ("nonsense", "no device")):
            with self.assertRaisesRegex(RecipeError, sentence), open_devices(options("--device", device)):
                pass
