"""A case: ONNX nodes, their inputs, and the same calculation in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch


def node(operator: str, inputs: str, output: str = "y", **attributes: Any) -> dict[str, Any]:
    """A node as the tests read it. Names of inputs and outputs are separated by spaces; floats are marked, since JSON has one kind of number."""
    marked = {key: {"float": value} if isinstance(value, float) else value for key, value in attributes.items()}
    domain, _, name = operator.rpartition(".")
    return {"opType": name, "domain": domain, "inputs": inputs.split(" "), "outputs": output.split(" "), "attributes": marked}


@dataclass(frozen=True)
class Case:
    """`shapes` are the inputs that get gradients; `constants` are fixed numbers or truth values; `positive` names inputs above 0."""

    name: str
    nodes: list[dict[str, Any]]
    shapes: dict[str, tuple[int, ...]]
    compute: Callable[..., torch.Tensor]
    constants: dict[str, Any] = field(default_factory=dict)
    positive: tuple[str, ...] = ()
    opset: int = 17
    pools: tuple[str, ...] = ("indices",)
    """How the tests look up maxima."""

    def answer(self, seed: int) -> dict[str, Any]:
        """The case with inputs, the gradient that flows into its output, and PyTorch's gradients of the inputs."""
        random = np.random.default_rng(seed)
        arrays = {name: _spaced(random, shape, name in self.positive) for name, shape in self.shapes.items()}
        tensors = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in arrays.items()}
        constants = {name: _constant(value) for name, value in self.constants.items()}
        result = self.compute(*tensors.values(), *constants.values())
        flowing = _spaced(random, tuple(result.shape), False)
        result.backward(torch.tensor(flowing, dtype=torch.float64))
        return {
            "name": self.name,
            "opset": self.opset,
            "nodes": self.nodes,
            "inputs": {name: {"dims": list(value.shape), "values": written(value)} for name, value in arrays.items()},
            "constants": {
                name: {"dtype": str(value.dtype).removeprefix("torch."), "dims": list(value.shape), "values": written(value)}
                for name, value in constants.items()
            },
            "flowing": written(flowing),
            "gradients": {name: written(value.grad) for name, value in tensors.items()},
            "pools": list(self.pools),
        }


def _spaced(random: np.random.Generator, shape: tuple[int, ...], is_positive: bool) -> np.ndarray:
    """Numbers 1/16 or more apart and 1/32 or more from 0 and from each other's kinks, all exact in float32, in random order."""
    count = int(np.prod(shape))
    steps = np.arange(count) + (4 if is_positive else -(count // 2))
    spread = 8 if count <= 40 else 16
    return random.permutation(steps / spread + 1 / 32).reshape(shape)


def written(values: np.ndarray | torch.Tensor) -> str:
    """Numbers in row-major order with ten digits, separated by spaces: one line of JSON."""
    return " ".join(f"{float(one):.10g}" for one in values.ravel().tolist())


def _constant(value: Any) -> torch.Tensor:
    tensor = torch.tensor(value)
    return tensor.double() if tensor.is_floating_point() else tensor

