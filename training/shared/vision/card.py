"""Writes a model's card from its manifest, its log and the sprite index: no number on it is typed by hand."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..errors import RecipeError
from ..files import ROOT
from .architecture import Architecture
from .export import log_file, model_folder, model_id
from .pictures import load_splits, load_sprite_index
from .source import has_emoji, has_photos
from .command import WEIGHT_DECAY
from .train import LABEL_SMOOTHING, MOMENTUM

ROLE = {
    "resnet-mixed": "It is the default source network of this course, meant for learning how transfer works.",
    "resnet-photos": "It is the course's source network that has seen photos alone, for experiments in which the source matters.",
    "resnet-emoji": "It is the course's source network that has seen drawings alone, for experiments in which the source matters.",
}
OTHER_ROLE = "It stands beside the course's ResNet, on the same data and at a like cost, for comparing architectures."


def write_card(architecture: Architecture, args: argparse.Namespace) -> Path:
    """Writes content/reference/models/<id>.mdx; refuses if nothing has been measured yet."""
    id = model_id(architecture, args)
    log_path = log_file(architecture, id)
    if not log_path.exists():
        raise RecipeError(f"{log_path} is missing; export writes it from the training's checkpoint.")
    text = compose_card(architecture, json.loads((model_folder(architecture, args) / "manifest.json").read_text()), json.loads(log_path.read_text()))
    path = ROOT / "content" / "reference" / "models" / f"{id}.mdx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    print(path)
    return path


def compose_card(architecture: Architecture, manifest: dict, log: dict) -> str:
    """The card's text from a manifest and the log of its training."""
    if not manifest["measured"]:
        raise RecipeError(f"The manifest holds no measurements. Run: python -m training.{architecture.id} evaluate --write")
    sections = (_head, _network, _data, _training, _accuracy, _comparison, _files, _limits)
    texts = (section(architecture, manifest, log) for section in sections)
    return "\n\n".join(text for text in texts if text) + "\n"


def _head(architecture: Architecture, manifest: dict, log: dict) -> str:
    return f"""---
title: {manifest["id"]}
description: Model card of a {architecture.name} that the figures run, its data, training, accuracy and limits.
---

{manifest["title"]}: a small network for 64×64 pictures, trained from nothing by the recipe in `{manifest["recipe"]}`.
{ROLE.get(manifest["id"], OTHER_ROLE)} Version {manifest["version"]}."""


def _network(architecture: Architecture, manifest: dict, log: dict) -> str:
    return f"""## The network

{architecture.description}

| property | value |
|---|---|
| input | float32 [N, 3, 64, 64], RGB; (pixel / 255 − mean) / std with mean {_list(manifest["input"]["mean"])} and std {_list(manifest["input"]["std"])} |
| output | `logits`, float32 [N, {manifest["output"]["classes"]}] |
| parameters | {manifest["parameters"]:,} |
| multiply-accumulates for one picture | {manifest["macs"]:,} |"""


def _data(architecture: Architecture, manifest: dict, log: dict) -> str:
    parts = ["## Data and its terms\n"]
    splits, index = load_splits(), load_sprite_index()
    photos = _photo_classes(manifest, log)
    if photos:
        parts.append(
            f"""- **Photos**: {photos} classes of Tiny-ImageNet, 500 photos each for training and 50 for `val`, 64×64 pixels. They come from ImageNet, whose
  terms allow non-commercial research and teaching; the photos are not part of this repository. Checksum of all sheets
  (`describe_sheets` in `training/shared/vision/pictures.py` says how): `{log["data"]["photos"]}`."""
        )
    if has_emoji(log["source"]):
        parts.append(
            f"""- **Emoji**: {len(splits["trainingConcepts"])} concepts in {len(splits["trainingStyles"])} drawing styles, rendered to 64×64 pixels on white. {len(splits["targets"])} more concepts and
  {len(splits["heldOutStyles"])} styles are kept out of training altogether; `src/data/emoji-splits.json` lists them and says why others were set aside.

| icon set | by | licence | use | sha256 of its sheet |
|---|---|---|---|---|"""
        )
        for style in index["styles"]:
            use = "training" if style["isTrained"] else "never trained"
            licence = f"[{style['licence']['title']}]({style['licence']['url']})"
            sheet = log["data"]["emoji"][style["id"]]
            parts.append(f"| {style['title']} {style['version']} | {style['author']['name']} | {licence} | {use} | `{sheet}` |")
    strictest = ", the strictest of the drawings' licences" if has_emoji(log["source"]) else ", as the course's other networks are"
    parts.append(
        f"""
The weights are offered under {manifest["licence"]}{strictest}."""
        + (" Whoever plans more than research and\nteaching should look at ImageNet's terms as well." if photos else "")
    )
    return "\n".join(parts)


def _training(architecture: Architecture, manifest: dict, log: dict) -> str:
    options = log["options"]
    steps = log["stepsBySize"]
    share = f" --photo-share {options['photo_share']:g}" if log["source"] == "mixed" else ""
    decay = "" if options["weight_decay"] == WEIGHT_DECAY else f" --weight-decay {options['weight_decay']:g}"
    repeat = (
        f"python -m training.{architecture.id} --source {log['source']} --seed {options['seed']}{share}{decay}"
        f" --steps {','.join(str(n) for n in steps.values())}"
    )
    notes = "".join(f"\n- {note}" for note in log.get("notes", []))
    mixture = f" with {options['photo_share']:.1%} photos" if log["source"] == "mixed" else ""
    views = "random crops, flips and colours" + (
        {"mixed": ", for emoji also turns, scales and other backgrounds", "emoji": ", turns, scales and other backgrounds"}.get(log["source"], "")
    )
    columns = [name for name in ("photos", "emoji") if name in log["curve"][0]]
    heads = {"photos": "photos, 10 a class", "emoji": "emoji, unseen styles"}
    rows = []
    for row in log["curve"]:
        accuracies = " | ".join(f"{row[name]:.1%}" for name in columns)
        rows.append(f"| {row['step']:,} | {row['minutes']:.0f} | {row['loss']:.2f} | {accuracies} |")
    return f"""## Training

```sh
{repeat}
```

{log["minutes"]:.0f} minutes on {log["machine"]}: {sum(steps.values()):,} steps, {log["pictures"]:,} pictures
({_steps(steps)}). Batches of {options["batch"]}{mixture}; SGD with Nesterov momentum {MOMENTUM}, learning rate {options["learning_rate"]} after a short warm-up, then cosine to
zero; weight decay {options["weight_decay"]}, label smoothing {LABEL_SMOOTHING}; {views}.
The exported weights are a running average of the trained ones. Python {log["versions"]["python"]}, PyTorch {log["versions"]["torch"]}, seed {options["seed"]}.
{notes}

| step | minutes | loss | {" | ".join(heads[name] for name in columns)} |
|--:|--:|--:|{"--:|" * len(columns)}
{chr(10).join(rows)}"""


def _accuracy(architecture: Architecture, manifest: dict, log: dict) -> str:
    rows = [f"| {row['name']} | {row['value']:.1f} {row['unit']} | {row['split']} |" for row in manifest["measured"]]
    return f"""## Measured

All numbers come from the files below, by one command:

```sh
{manifest["measured"][0]["command"]}
```

| what | value | on |
|---|--:|---|
{chr(10).join(rows)}

All {manifest["output"]["classes"]} classes compete in "top-1" unless the row says otherwise. A linear head is a logistic regression on the features as they are
(C = 1, nothing tuned). "Random features" come from the same network with random weights: its BatchNorm statistics either are those of a new network
(mean 0, variance 1), which lets colours through nearly as they are, or are estimated on training pictures, as in every network that has run in training mode."""


def _comparison(architecture: Architecture, manifest: dict, log: dict) -> str:
    path = ROOT / "training" / architecture.id / "runs" / "comparison.json"
    rows = [row for row in (json.loads(path.read_text()) if path.exists() else []) if manifest["id"] in row["accuracies"]]
    if not rows:
        return ""
    names = list(rows[0]["accuracies"])
    table = []
    for row in rows:
        values = " | ".join(f"{mean:.1f} ± {spread:.1f}" for mean, spread in row["accuracies"].values())
        table.append(f"| {row['target']} | {row['chance']:.1f} | {values} |")
    return f"""## Which source is worth more

Frozen features of networks from two sources, a linear head on top, taught by a few examples a class; percent right, mean and deviation over draws, by
`python -m training.compare`. The photo network of this table was trained without each tenth class of photos, so that there are photos of classes that
neither network has seen; `training/README.md` says how.

| target | chance | {" | ".join(names)} |
|---|--:|{"--:|" * len(names)}
{chr(10).join(table)}"""


def _files(architecture: Architecture, manifest: dict, log: dict) -> str:
    rows = [f"| `{file['path']}` | {file['sizeBytes']:,} | `{file['sha256']}` |" for file in manifest["files"].values()]
    return f"""## Files

| file | bytes | sha256 |
|---|--:|---|
{chr(10).join(rows)}

`model.onnx` holds the weights of convolutions and head as int8 with one scale for each output channel; everything else is float32 and
BatchNorm is unfolded, so that the same file serves inference and further training."""


def _limits(architecture: Architecture, manifest: dict, log: dict) -> str:
    photos = _photo_classes(manifest, log)
    emoji = manifest["output"]["classes"] - photos
    kinds = [f"{photos} kinds of photographed things"] if photos else []
    kinds += [f"{emoji} kinds of emoji"] if emoji else []
    lines = [
        f"""- It names {" and ".join(kinds)}, and must choose one of them even for a picture of something else. A probability
  is a share among these classes, not a chance of being right."""
    ]
    if photos and emoji:
        lines.append("- A class in photos and the same concept in emoji are two outputs. A drawing of a lion rarely makes the photo class win.")
    elif emoji:
        lines.append("- It has seen drawings alone. What it says about a photo means little.")
    else:
        lines.append("- It has seen photos alone. What it says about a drawing means little.")
    lines += [
        "- 64×64 pixels are few: things that differ in detail (breeds, faces, signs) are often confused.",
        "- The training was short. Networks of this size get better with more hours, and published networks with millions of photos are far better.",
    ]
    if photos:
        lines.append("- Tiny-ImageNet's photos come from the web of 2009 and mirror it: some cultures, settings and people are over-represented.")
    lines.append("- Nothing here is fit for decisions about people, medicine or safety.")
    return "## Limits\n\n" + "\n".join(lines)


def _photo_classes(manifest: dict, log: dict) -> int:
    """How many of the outputs are photo classes; the rest are emoji concepts."""
    emoji = len(load_splits()["trainingConcepts"]) if has_emoji(log["source"]) else 0
    return manifest["output"]["classes"] - emoji if has_photos(log["source"]) else 0


def _list(numbers: list[float]) -> str:
    return "(" + ", ".join(f"{number:g}" for number in numbers) + ")"


def _steps(steps: dict[str, int]) -> str:
    return ", ".join(f"{count:,} steps at {size}×{size}" for size, count in steps.items())
