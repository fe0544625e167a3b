"""
python -m training.drawings: writes tests/golden/drawings.json, what the recipes read of the concepts that no network is trained on,
so that a test can hold the site's few-shot tasks to the same drawings, labels and pixels.
"""

from __future__ import annotations

import hashlib

import torch

from .shared.checkpoint import describe_versions
from .shared.files import ROOT, commit_of_checkout, write_json
from .shared.vision.augment import normalise
from .shared.vision.linear_head import unseen_concepts
from .shared.vision.pictures import load_emoji, load_splits


def main() -> None:
    """Describes the drawings of 40 targets in training styles and in unseen ones."""
    splits, concepts = load_splits(), unseen_concepts()
    parts = {}
    for part, styles in {"trained": splits["trainingStyles"], "unseen": splits["heldOutStyles"]}.items():
        pictures = load_emoji(styles, concepts)
        first = normalise(pictures.tiles[:1]).flatten()
        parts[part] = {
            "styles": styles,
            "labels": " ".join(map(str, pictures.labels.tolist())),
            "rgbSha256": hashlib.sha256(pictures.tiles.permute(0, 2, 3, 1).contiguous().numpy().tobytes()).hexdigest(),
            "firstInput": [round(value, 6) for value in first[:: len(first) // 16].tolist()],
        }
    made = {"script": "python -m training.drawings", "commit": commit_of_checkout(), "versions": describe_versions(), "tolerance": 1e-6}
    path = ROOT / "tests" / "golden" / "drawings.json"
    write_json(path, {"made": made, "concepts": concepts, "parts": parts})
    print(f"{path}: {sum(len(part['labels']) for part in parts.values())} drawings")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
