"""
Where a recipe computes: CPU, one GPU, or several processes under torchrun (DistributedDataParallel). The same loop runs in all:

    with open_devices(args) as devices:
        network = devices.wrap(build().to(devices.device))     # averages the gradients of all processes
        batch = devices.share_of(args.batch)                   # pictures or sentences for this process
        with devices.autocast():
            …
        done = devices.agree(clock())                          # all processes follow the first one's clock
        loss = devices.average(loss)                           # mean over the processes
        if devices.is_main:
            save_checkpoint(…)                                 # only the first process writes

One process on a CPU takes the same steps as before there were several: with a world of one every method does nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.distributed
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from .errors import RecipeError


@dataclass(frozen=True)
class Devices:
    """The part of the machine that this process computes on, and its place among the others."""

    device: torch.device
    rank: int = 0
    """0 for the process that prints and writes."""
    world_size: int = 1
    bf16: bool = False

    @property
    def is_main(self) -> bool:
        """Whether this process prints, measures and writes."""
        return self.rank == 0

    def wrap(self, network: nn.Module) -> nn.Module:
        """The network itself, or one whose gradients are means over all processes; it must be on `device` already."""
        if self.world_size == 1:
            return network
        return DistributedDataParallel(network, device_ids=[self.device.index] if self.device.type == "cuda" else None)

    def share_of(self, batch: int) -> int:
        """This process's part of a batch; all parts are equal, so that the mean of their gradients is the batch's."""
        if batch % self.world_size:
            raise RecipeError(f"A batch of {batch} does not divide among {self.world_size} processes: choose another --batch.")
        return batch // self.world_size

    def seed_of(self, seed: int) -> int:
        """A seed for what must differ between processes (pictures drawn, their views); the first keeps the seed itself."""
        return seed + 1_000_003 * self.rank

    def autocast(self) -> torch.autocast:
        """Context in which matrix products run in bfloat16, if that was asked for; weights and optimizer stay float32."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    def agree(self, value: float) -> float:
        """The first process's value, in all of them: a clock, or a decision to stop. Every process must call it."""
        if self.world_size == 1:
            return value
        # on the CPU even with GPUs: nothing on the device has to finish first
        shared = torch.tensor([value], dtype=torch.float64)
        torch.distributed.broadcast(shared, 0)
        return shared.item()

    def average(self, value: float) -> float:
        """The mean of a number over all processes, in all of them. Every process must call it."""
        if self.world_size == 1:
            return value
        total = torch.tensor([value], dtype=torch.float64)
        torch.distributed.all_reduce(total)
        return total.item() / self.world_size

    def say(self, text: str) -> None:
        """Prints a line, once however many processes there are."""
        if self.is_main:
            print(text, flush=True)


def add_device_options(parser: argparse.ArgumentParser) -> None:
    """The options that `open_devices` reads."""
    parser.add_argument("--device", default="auto", help="auto (a GPU if there is one), cpu, cuda, cuda:1 …; under torchrun cpu or cuda")
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, help="compute in bfloat16 (default: on GPUs only)")
    parser.add_argument("--threads", type=int, default=2, help="of this process, on a CPU")


@contextlib.contextmanager
def open_devices(args: argparse.Namespace) -> Iterator[Devices]:
    """Joins the processes that torchrun started, if it did, and leaves them at the end. Raises RecipeError for a device that is not there."""
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    rank, local_rank = int(os.environ.get("RANK", "0")), int(os.environ.get("LOCAL_RANK", "0"))
    device = _find_device(args.device, local_rank, world_size)
    torch.set_num_threads(args.threads)
    bf16 = device.type == "cuda" if args.bf16 is None else args.bf16
    devices = Devices(device, rank, world_size, bf16)
    if world_size == 1:
        yield devices
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    torch.distributed.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    try:
        yield devices
        # Nobody leaves while another still exchanges. And no tensor of Python's may be left to Gloo's threads when the
        # interpreter ends, or it aborts (pytorch/pytorch#179291): a barrier has none, and comes after all the others.
        torch.distributed.barrier()
    finally:
        torch.distributed.destroy_process_group()


def _find_device(asked: str, local_rank: int, world_size: int) -> torch.device:
    if asked == "auto":
        asked = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(asked)
    except RuntimeError as error:
        raise RecipeError(f"--device {asked} is no device: give auto, cpu, cuda or cuda:<number>.") from error
    if device.type == "cpu":
        return torch.device("cpu")
    if device.type != "cuda":
        raise RecipeError(f"--device {asked} is not supported: give auto, cpu, cuda or cuda:<number>.")
    if world_size > 1 and device.index is not None:
        raise RecipeError("Under torchrun each process takes a GPU of its own: give --device cuda without a number.")
    index = local_rank if world_size > 1 else (device.index or 0)
    if index >= torch.cuda.device_count():
        raise RecipeError(f"--device {asked}: PyTorch finds {torch.cuda.device_count()} GPUs here, and number {index} is needed.")
    return torch.device("cuda", index)
