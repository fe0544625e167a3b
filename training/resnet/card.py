"""Writes the model's card from its manifest, its log and the sprite index: no number on it is typed by hand."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..shared.errors import RecipeError
from ..shared.pictures import ROOT, load_splits, load_sprite_index
from .export import log_file, model_folder


def write_card(args: argparse.Namespace) -> Path:
    """Writes content/reference/models/<id>.mdx; refuses if nothing has been measured yet."""
    manifest = json.loads((model_folder(args) / "manifest.json").read_text())
    if not manifest["measured"]:
        raise RecipeError("The manifest holds no measurements. Run: python -m training.resnet evaluate --write")
    log = json.loads(log_file(args.source).read_text())
    path = ROOT / "content" / "reference" / "models" / f"{manifest['id']}.mdx"
    path.parent.mkdir(parents=True, exist_ok=True)
    sections = (_head, _network, _data, _training, _accuracy, _files, _limits)
    path.write_text("\n\n".join(section(manifest, log) for section in sections) + "\n")
    print(path)
    return path


def _head(manifest: dict, log: dict) -> str:
    return f"""---
title: {manifest["id"]}
description: Model card of the ResNet that the figures run, its data, training, accuracy and limits.
---

{manifest["title"]}: a small residual network for 64×64 pictures, trained from nothing by the recipe in `{manifest["recipe"]}`.
It is the default source network of this course, meant for learning how transfer works. Version {manifest["version"]}."""


def _network(manifest: dict, log: dict) -> str:
    return f"""## The network

A 3×3 convolution with stride 2 and a max-pool, then four stages of two basic blocks (He et al. 2015) with 32, 64, 128 and
256 channels, global average pooling and one linear head with {manifest["output"]["classes"]} outputs.

| property | value |
|---|---|
| input | float32 [N, 3, 64, 64], RGB; (pixel / 255 − mean) / std with mean {_list(manifest["input"]["mean"])} and std {_list(manifest["input"]["std"])} |
| output | `logits`, float32 [N, {manifest["output"]["classes"]}] |
| parameters | {manifest["parameters"]:,} |
| multiply-accumulates for one picture | {manifest["macs"]:,} |"""


def _data(manifest: dict, log: dict) -> str:
    splits, index = load_splits(), load_sprite_index()
    rows = []
    for style in index["styles"]:
        use = "training" if style["isTrained"] else "never trained"
        licence = f"[{style['licence']['title']}]({style['licence']['url']})"
        rows.append(f"| {style['title']} {style['version']} | {style['author']['name']} | {licence} | {use} |")
    return f"""## Data and its terms

- **Photos**: 202 classes of Tiny-ImageNet, 500 photos each for training and 50 for `val`, 64×64 pixels. They come from ImageNet, whose
  terms allow non-commercial research and teaching; the photos are not part of this repository.
- **Emoji**: {len(splits["trainingConcepts"])} concepts in {len(splits["trainingStyles"])} drawing styles, rendered to 64×64 pixels on white. {len(splits["targets"])} more concepts and
  {len(splits["heldOutStyles"])} styles are kept out of training altogether; `src/data/emoji-splits.json` lists them and says why others were set aside.

| icon set | by | licence | use |
|---|---|---|---|
{chr(10).join(rows)}

The weights are offered under {manifest["licence"]}, the strictest of the drawings' licences. Whoever plans more than research and
teaching should look at ImageNet's terms as well."""


def _training(manifest: dict, log: dict) -> str:
    options = log["options"]
    steps = log["stepsBySize"]
    repeat = f"python -m training.resnet --source {log['source']} --seed {options['seed']} --steps {','.join(str(n) for n in steps.values())}"
    notes = "".join(f"\n- {note}" for note in log.get("notes", []))
    rows = [f"| {row['step']:,} | {row['minutes']:.0f} | {row['loss']:.2f} | {row['photos']:.1%} | {row['emoji']:.1%} |" for row in log["curve"]]
    return f"""## Training

```sh
{repeat}
```

{log["minutes"]:.0f} minutes on {log["machine"]}: {sum(steps.values()):,} steps, {log["pictures"]:,} pictures
({_steps(steps)}). Batches of {options["batch"]} with {options["photo_share"]:.1%} photos; SGD with Nesterov momentum 0.9, learning rate {options["learning_rate"]} after a short warm-up, then cosine to
zero; weight decay {options["weight_decay"]}, label smoothing 0.1; random crops, flips and colours, for emoji also turns, scales and other backgrounds.
The exported weights are a running average of the trained ones. Python {log["versions"]["python"]}, PyTorch {log["versions"]["torch"]}, seed {options["seed"]}.
{notes}

| step | minutes | loss | photos, 10 a class | emoji, unseen styles |
|---|---|---|---|---|
{chr(10).join(rows)}"""


def _accuracy(manifest: dict, log: dict) -> str:
    rows = [f"| {row['name']} | {row['value']:.1f} {row['unit']} | {row['split']} |" for row in manifest["measured"]]
    return f"""## Measured

All numbers come from the files below, by one command:

```sh
{manifest["measured"][0]["command"]}
```

| what | value | on |
|---|---|---|
{chr(10).join(rows)}

All {manifest["output"]["classes"]} classes compete in "top-1" unless the row says otherwise. "random features" is the same network with random weights."""


def _files(manifest: dict, log: dict) -> str:
    rows = [f"| `{file['path']}` | {file['sizeBytes']:,} | `{file['sha256']}` |" for file in manifest["files"].values()]
    return f"""## Files

| file | bytes | sha256 |
|---|---|---|
{chr(10).join(rows)}

`model.onnx` holds the weights of convolutions and head as int8 with one scale for each output channel; everything else is float32 and
BatchNorm is unfolded, so that the same file serves inference and further training."""


def _limits(manifest: dict, log: dict) -> str:
    return """## Limits

- It names 202 kinds of photographed things and 595 kinds of emoji, and must choose one of them even for a picture of something else. A probability
  is a share among these classes, not a chance of being right.
- A class in photos and the same concept in emoji are two outputs. A drawing of a lion rarely makes the photo class win.
- 64×64 pixels are few: things that differ in detail (breeds, faces, signs) are often confused.
- The training was short. Networks of this size get better with more hours, and published networks with millions of photos are far better.
- Tiny-ImageNet's photos come from the web of 2009 and mirror it: some cultures, settings and people are over-represented.
- Nothing here is fit for decisions about people, medicine or safety."""


def _list(numbers: list[float]) -> str:
    return "(" + ", ".join(f"{number:g}" for number in numbers) + ")"


def _steps(steps: dict[str, int]) -> str:
    return ", ".join(f"{count:,} steps at {size}×{size}" for size, count in steps.items())
