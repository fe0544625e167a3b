"""Writes a language model's card from its manifest and its log: no number on it is typed by hand."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..errors import RecipeError
from ..files import ROOT
from .export import log_file, model_folder
from .measures import read_manifest
from .model_kind import LanguageModel


def write_card(model: LanguageModel, args: argparse.Namespace) -> Path:
    """Writes content/reference/models/<id>.mdx (beside the model with --model); refuses if nothing has been measured yet."""
    folder = model_folder(model, args)
    try:
        log = json.loads(log_file(model, args).read_text())
    except FileNotFoundError:
        raise RecipeError(f"{log_file(model, args)} is missing; export writes it from the training's checkpoint.") from None
    text = compose_card(model, read_manifest(folder), log)
    path = folder / "card.mdx" if args.model else ROOT / "content" / "reference" / "models" / f"{model.id}.mdx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    print(path)
    return path


def compose_card(model: LanguageModel, manifest: dict, log: dict) -> str:
    """The card's text from a manifest and the log of its training."""
    if not manifest["measured"]:
        raise RecipeError(f"The manifest holds no measurements. Run: {model.command} evaluate --write")
    sections = (_head, _network, _data, _training, _accuracy, _samples, _files, _limits)
    return "\n\n".join(text for section in sections if (text := section(model, manifest, log))) + "\n"


def _head(model: LanguageModel, manifest: dict, log: dict) -> str:
    return f"""---
title: {manifest["id"]}
description: Model card of {manifest["id"]}, its data, training, accuracy and limits.
---

{manifest["title"]}, trained by the recipe in `{manifest["recipe"]}`. {model.role} Version {manifest["version"]}."""


def _network(model: LanguageModel, manifest: dict, log: dict) -> str:
    size = log["size"]
    mask = " and `attention_mask` (1: a piece, 0: padding)" if model.has_mask else ""
    outputs = manifest["output"]["classes"]
    shape = f"[N, {outputs}]" if model.labels else f"[N, T, {outputs:,}]"
    return f"""## The network

{model.description}

| property | value |
|---|---|
| layers, width, heads, inner width | {size["layers"]}, {size["width"]}, {size["heads"]}, {size["inner"]:,} |
| word pieces | {size["pieces"]:,}, lower-cased, accents removed |
| input | `input_ids`{mask}, int64 [N, T], T at most {size["positions"]} |
| output | `logits`, float32 {shape} |
| parameters | {manifest["parameters"]:,} |
| multiply-accumulates for {size["positions"]} pieces | {manifest["macs"]:,} |"""


def _data(model: LanguageModel, manifest: dict, log: dict) -> str:
    return f"""## Data and its terms

{manifest["trainedOn"]}. The texts are not part of this repository. `training/shared/language/text.py` says which reviews are held out
of all trainings: runs of 50 lines, since the reviews stand film by film, with the 30 lines on either side left unused, and without texts
that begin alike.

The weights are offered under {manifest["licence"]}, as the course's other networks are. The reviews and the labelled sentences were
published for research; whoever plans more should look at their terms."""


def _training(model: LanguageModel, manifest: dict, log: dict) -> str:
    options = log["options"]
    repeat = f"{model.command} --seed {options['seed']} --steps {options['steps']} --batch {options['batch']} --learning-rate {options['learning_rate']:g}"
    if options.get("begin"):
        repeat += f" --begin {options['begin']}"
    topics = ""
    if weight := options.get("topic_weight"):
        repeat += f" --topic-weight {weight:g}"
        topics = f" The loss is the masked pieces' mean, in nats, and {weight:g} times the mean squared distance of the topics."
    optimizer = "Muon for the layers' matrices and AdamW for the rest" if options["muon"] else "AdamW"
    columns = [name for name in log["curve"][0] if name not in ("step", "minutes", "loss")]
    rows = []
    for row in _thin(log["curve"]):
        numbers = " | ".join(_column(name, row[name]) for name in columns)
        rows.append(f"| {row['step']:,} | {row['minutes']:.0f} | {row['loss']:.2f} | {numbers} |")
    notes = "".join(f"\n- {note}" for note in log.get("notes", []))
    return f"""## Training

```sh
{repeat}
```

{log["minutes"]:.0f} minutes on {log["machine"]}: {optimizer}, weight decay {options["weight_decay"]:g}, the learning rate rising over the first 4 % of the
steps and then falling straight to zero. Python {log["versions"]["python"]}, PyTorch {log["versions"]["torch"]}, seed {options["seed"]}.{topics}
{notes}

| step | minutes | loss | {" | ".join(columns)} |
|--:|--:|--:|{"--:|" * len(columns)}
{chr(10).join(rows)}"""


def _accuracy(model: LanguageModel, manifest: dict, log: dict) -> str:
    commands = dict.fromkeys(row["command"] for row in manifest["measured"])
    rows = [f"| {row['name']} | {row['value']:.1f} {row['unit']} | {row['split']} |" for row in manifest["measured"]]
    return f"""## Measured

```sh
{chr(10).join(commands)}
```

| what | value | on |
|---|--:|---|
{chr(10).join(rows)}"""


def _samples(model: LanguageModel, manifest: dict, log: dict) -> str:
    if not log.get("samples"):
        return ""
    return "## Samples\n\nNot chosen: the first ones of their seeds.\n\n" + "\n".join(
        f"- **{sample['prompt']}** {_plain(sample['text'])} (temperature {sample['temperature']:g}, the {sample['topK']} best pieces, seed {sample['seed']})"
        for sample in log["samples"]
    )


def _files(model: LanguageModel, manifest: dict, log: dict) -> str:
    rows = [f"| `{file['path']}` | {file['sizeBytes']:,} | `{file['sha256']}` |" for file in manifest["files"].values()]
    return f"""## Files

| file | bytes | sha256 |
|---|--:|---|
{chr(10).join(rows)}

`model.onnx` holds the matrices as int8 with one scale for each output channel, the table of the embeddings with one for each piece;
everything else is float32. Attention probabilities and hidden states can be read by name."""


def _limits(model: LanguageModel, manifest: dict, log: dict) -> str:
    lines = [
        "- It read film reviews and old fiction, nothing else: it knows little of the world and mirrors the views and prejudices of its texts.",
        "- It is tiny, and its training was short. Published networks with a hundred times the parameters are far better.",
        f"- Texts longer than {manifest['input']['longest']} pieces are cut.",
        "- Nothing here is fit for decisions about people, medicine or safety.",
    ]
    return "## Limits\n\n" + "\n".join(lines)


def _thin(curve: list[dict], most: int = 24) -> list[dict]:
    """Evenly chosen rows, the last among them."""
    every = max(1, -(-len(curve) // most))
    return curve[(len(curve) - 1) % every :: every]


def _column(name: str, value: float) -> str:
    return f"{value:.1%}" if name == "accuracy" else f"{value:.1f}"


def _plain(text: str) -> str:
    """Text that MDX takes as it is."""
    return "".join(f"\\{letter}" if letter in "{}<>*_`[]" else letter for letter in text)
