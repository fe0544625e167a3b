"""Golden answers: what PyTorch computes with the committed int8 weights, for inputs that Node and the browser can remake."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch

from ..checkpoint import describe_versions
from ..files import ROOT, commit_of_checkout, sha256_of, write_json
from .architecture import Architecture
from .augment import normalise
from .export import model_folder, model_id
from .graph import load_network, trace_values
from .pictures import SPRITES_FOLDER, TILE, cut_sheet, load_sprite_index

GALLERY_TILES = (0, 6, 15)
FIRST = 6
STEPS = "value = (value * 1664525 + 1013904223) mod 2^32 for each number in NCHW order, beginning with the seed; pixel = value >>> 24"
RAMP = "pixel[c][y][x] = (4x, 4y, 2x + 2y)[c], uint8"


def write_goldens(architecture: Architecture, args: argparse.Namespace) -> Path:
    """Writes tests/golden/<id>.json; never called by CI."""
    folder, seed = model_folder(architecture, args), architecture.golden_seed
    torch.set_num_threads(args.threads)
    network = load_network(architecture, folder / "model.onnx")
    cases = [
        golden_case(network, "noise", {"kind": "lcg", "seed": seed, "rule": STEPS}, make_noise(seed)),
        golden_case(network, "ramp", {"kind": "ramp", "rule": RAMP}, make_ramp()),
    ]
    gallery = load_sprite_index()["gallery"]
    tiles = cut_sheet(SPRITES_FOLDER / gallery["sheet"]["file"], min(32, len(gallery["pictures"])))
    for place in GALLERY_TILES:
        tile = np.ascontiguousarray(tiles[place])
        picture = gallery["pictures"][place]
        made = {"kind": "gallery", "tile": place, **picture, "rgbSha256": hashlib.sha256(tile.tobytes()).hexdigest()}
        cases.append(golden_case(network, f"{picture['concept']} in {picture['style']}", made, torch.from_numpy(tile).permute(2, 0, 1)))
    made = {
        "script": f"python -m training.{architecture.id} golden --source {args.source}",
        "commit": commit_of_checkout(),
        "versions": describe_versions(),
        "seed": seed,
        "model": {"sha256": sha256_of(folder / "model.onnx")},
        "input": "uint8 RGB pixels, normalised as the manifest says: (pixel / 255 - mean) / std, float32 [1, 3, 64, 64]",
        "tolerance": 1e-4,
    }
    path = ROOT / "tests" / "golden" / f"{model_id(architecture, args)}.json"
    write_json(path, {"made": made, "cases": cases})
    print(f"{path}: {len(cases)} cases")
    return path


def golden_case(network, name: str, made: dict, pixels: torch.Tensor) -> dict:
    """One case: five best logits, the first logits, and a summary of every value of the graph. pixels uint8 [3, 64, 64]."""
    values = trace_values(network, normalise(pixels[None]))
    logits = values["logits"][0]
    best = logits.topk(5)
    return {
        "name": name,
        "input": made,
        "topk": [[index, round(value, 5)] for index, value in zip(best.indices.tolist(), best.values.tolist())],
        "logits": rounded(logits[:10]),
        "values": {key: summarise(value) for key, value in values.items()},
    }


def summarise(value: torch.Tensor) -> dict:
    """Shape, mean, standard deviation (of the population) and first numbers of a tensor."""
    exact = value.double()
    mean, deviation = exact.mean().item(), exact.std(correction=0).item()
    return {"shape": list(value.shape), "mean": round(mean, 6), "std": round(deviation, 6), "first": rounded(value.flatten()[:FIRST])}


def rounded(numbers: torch.Tensor) -> list[float]:
    """Plain numbers with six decimals."""
    return [round(number, 6) for number in numbers.tolist()]


def make_noise(seed: int) -> torch.Tensor:
    """Pixels from a linear congruential generator that is one line in any language: uint8 [3, 64, 64]."""
    pixels, value = [], seed
    for _ in range(3 * TILE * TILE):
        value = (value * 1664525 + 1013904223) % 2**32
        pixels.append(value >> 24)
    return torch.tensor(pixels, dtype=torch.uint8).view(3, TILE, TILE)


def make_ramp() -> torch.Tensor:
    """A colour ramp over x and y: uint8 [3, 64, 64]."""
    y, x = torch.meshgrid(torch.arange(TILE), torch.arange(TILE), indexing="ij")
    return torch.stack([4 * x, 4 * y, 2 * x + 2 * y]).to(torch.uint8)

