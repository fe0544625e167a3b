"""Golden answers: what PyTorch computes with the exported int8 weights, for sentences that Node and the browser encode themselves."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..checkpoint import describe_versions
from ..files import ROOT, commit_of_checkout, sha256_of, write_json
from .export import load_network, model_folder
from .graph import trace_values
from .model_kind import LanguageModel
from .sources import vocabulary_path
from .wordpiece import PAD, encode_with_holes, load_tokenizer

FIRST = 4


def write_goldens(model: LanguageModel, args: argparse.Namespace) -> Path:
    """Writes tests/golden/<id>.json (beside the model with --model); never called by CI."""
    folder = model_folder(model, args)
    torch.set_num_threads(args.threads)
    network = load_network(model, folder / "model.onnx")
    tokenizer = load_tokenizer(vocabulary_path(args))
    rows = []
    for sentence in model.sentences:
        pieces = encode_with_holes(tokenizer, sentence)
        rows.append((sentence, [piece for piece in (model.start, *pieces, model.end) if piece]))
    cases = [golden_case(model, network, tokenizer, sentence, pieces) for sentence, pieces in rows]
    made = {
        "script": f"{model.command} golden",
        "commit": commit_of_checkout(),
        "versions": describe_versions(),
        "seed": 0,
        "model": {"sha256": sha256_of(folder / "model.onnx")},
        "vocabulary": {"sha256": sha256_of(vocabulary_path(args))},
        "input": "each sentence by itself, [1, T]; 'padded' repeats the first case's logits with three [PAD] more and a mask",
        "tolerance": 1e-4,
    }
    path = folder / "golden.json" if args.model else ROOT / "tests" / "golden" / f"{model.id}.json"
    write_json(path, {"made": made, "cases": cases})
    print(f"{path}: {len(cases)} cases")
    return path


def golden_case(model: LanguageModel, network: torch.nn.Module, tokenizer, sentence: str, pieces: list[str]) -> dict:
    """One case: pieces, ids, the five best outputs wherever something is asked, and a summary of every value of the graph."""
    ids = torch.tensor([[tokenizer.token_to_id(piece) for piece in pieces]])
    values = trace_values(network, ids, *([torch.ones_like(ids)] if model.has_mask else []))
    logits = values["logits"][0]
    asked = [place for place, piece in enumerate(pieces) if piece == "[MASK]"] or [len(pieces) - 1]
    answers = {"": logits} if logits.ndim == 1 else {str(place): logits[place] for place in asked}
    best = {}
    for place, row in answers.items():
        top = row.topk(min(5, len(row)))
        best[place or "text"] = [[index, round(value, 5)] for index, value in zip(top.indices.tolist(), top.values.tolist())]
    case = {"sentence": sentence, "pieces": pieces, "ids": ids[0].tolist(), "best": best}
    if model.has_mask:
        padded = torch.cat([ids, torch.full((1, 3), PAD)], 1)
        again = trace_values(network, padded, (padded != PAD).long())["logits"][0]
        case["padded"] = [round(number, 5) for number in again.reshape(-1, again.shape[-1])[0, :FIRST].tolist()]
    return case | {"values": {name: summarise(value) for name, value in values.items()}}


def summarise(value: torch.Tensor) -> dict:
    """Shape, mean, standard deviation (of the population) and first numbers of a tensor."""
    exact = value.double()
    first = [round(number, 6) for number in value.flatten()[:FIRST].tolist()]
    return {"shape": list(value.shape), "mean": round(exact.mean().item(), 6), "std": round(exact.std(correction=0).item(), 6), "first": first}
