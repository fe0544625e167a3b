/**
 * The program that repeats a run of the freeze lab in PyTorch, cell by cell. What differs from run to run stands in the first cell
 * (`notebook.ts`) as RUN; this text never changes. tests/training/test_freeze_notebook.py executes it.
 */
import { encoder, firstTextWeights, sentences } from './notebook-text-cells.ts';

const imports = String.raw`import base64, hashlib, math, pathlib, urllib.request, zlib

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn`;

const pictures = String.raw`def read_set(part):
    """Pictures float32 [N, 3, 64, 64] as the network wants them, and labels int64 [N]."""
    labels = torch.tensor(part["labels"])
    pixels = np.frombuffer(zlib.decompress(base64.b64decode(part["pixels"])), np.uint8)
    pixels = torch.from_numpy(pixels.reshape(len(labels), SIZE, SIZE, 3).copy()).permute(0, 3, 1, 2)
    mean, std = (torch.tensor(INPUT[key]).view(3, 1, 1) for key in ("mean", "std"))
    return (pixels / INPUT["scale"] - mean) / std, labels


INPUT, SIZE = RUN["input"], RUN["input"]["size"]
examples, example_labels = read_set(RUN["train"])
questions, question_labels = read_set(RUN["heldOut"])
print(f"{len(examples)} pictures to learn from, {len(questions)} held out, of {', '.join(RUN['classes'])}")`;

const randomNumbers = String.raw`MASK = 0xFFFFFFFF


def mix(x):
    """Spreads the bits of 32-bit numbers: uint64 [n] in, uint64 [n] out."""
    x = np.atleast_1d(np.asarray(x, np.uint64))
    x = ((x ^ (x >> np.uint64(16))) * np.uint64(0x21F0AAAD)) & np.uint64(MASK)
    x = ((x ^ (x >> np.uint64(15))) * np.uint64(0x735A2D97)) & np.uint64(MASK)
    return x ^ (x >> np.uint64(15))


class Stream:
    """The page's random numbers: the seed and what they are for fix them all."""

    def __init__(self, seed, *purpose):
        self.state = int(mix(seed & MASK)[0])
        for part in purpose:
            self.state ^= 0x811C9DC5
            for letter in str(part):
                self.state = ((self.state ^ ord(letter)) * 0x01000193) & MASK
            self.state = int(mix(self.state)[0])

    def uniform(self, count):
        places = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B9)
        states = (places + np.uint64(self.state)) & np.uint64(MASK)
        self.state = int(states[-1]) if count else self.state
        return mix(states).astype(np.float64) / 2**32

    def normal(self, *shape):
        pairs = self.uniform(2 * math.prod(shape)).reshape(-1, 2)
        numbers = np.sqrt(-2 * np.log(1 - pairs[:, 0])) * np.cos(2 * np.pi * pairs[:, 1])
        return torch.from_numpy(numbers.reshape(shape))

    def shuffled(self, count):
        order = list(range(count))
        for last, draw in zip(range(count - 1, 0, -1), self.uniform(max(count - 1, 0))):
            other = int(draw * (last + 1))
            order[last], order[other] = order[other], order[last]
        return order


def batch(step):
    """The examples of a step; a last batch that is not full is filled up with examples that do not count."""
    count = len(examples)
    size = min(RUN["batchSize"], count)
    per_epoch = math.ceil(count / size)
    epoch, place = divmod(step, per_epoch)
    order = Stream(RUN["seed"], "batches", epoch).shuffled(count)
    rows = [order[(place * size + at) % count] for at in range(size)]
    counts = torch.tensor([float(place * size + at < count) for at in range(size)])
    return rows, counts`;

const network = String.raw`class Block(nn.Module):
    """Two 3×3 convolutions and a shortcut (He et al. 2015)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """float32 [N, 3, 64, 64] to logits [N, classes]; parameters have the names of the ONNX file."""

    def __init__(self, classes):
        super().__init__()
        self.stem = nn.Sequential()
        self.stem.add_module("conv", nn.Conv2d(3, 32, 3, 2, 1, bias=False))
        self.stem.add_module("bn", nn.BatchNorm2d(32))
        inputs = 32
        for stage, width in enumerate((32, 64, 128, 256), 1):
            blocks = Block(inputs, width, 1 if stage == 1 else 2), Block(width, width, 1)
            self.add_module(f"layer{stage}", nn.Sequential(*blocks))
            inputs = width
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.stem(x)), 3, 2, 1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return self.head(x.mean((2, 3)))`;

const reading = String.raw`def read_file():
    """The network's file: the one beside the notebook, else from the site."""
    path = pathlib.Path(RUN["model"]["file"])
    if not path.exists():
        urllib.request.urlretrieve(RUN["model"]["address"], path)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    assert found == RUN["model"]["sha256"], f"{path} is not the file that the page trained"
    return onnx.load(str(path))


def read_weights(model):
    """All weights by their names; int8 ones are steps times a scale for each output channel."""
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = {}
    for name, value in tensors.items():
        if name.endswith(".int8"):
            scale = tensors[name[:-5] + ".scale"].reshape(-1, *[1] * (value.ndim - 1))
            weights[name[:-5]] = torch.from_numpy(value.astype(np.float32) * scale)
        elif not name.endswith(".scale"):
            weights[name] = torch.from_numpy(np.array(value))
    return weights`;

const firstWeights = String.raw`def start_weights(model):
    """What the run began with: the file's weights or random ones, and a new head."""
    weights = read_weights(model)
    if RUN["start"] == "random":
        random = Stream(RUN["seed"], "weights")
        for node in model.graph.node:
            if node.op_type == "Conv":
                shape = weights[node.input[1]].shape
                deviation = math.sqrt(2 / (shape[0] * shape[2] * shape[3]))
                weights[node.input[1]] = (deviation * random.normal(*shape)).float()
            if node.op_type == "BatchNormalization":
                for name, value in zip(node.input[1:], (1, 0, 0, 1)):
                    weights[name] = torch.full_like(weights[name], value)
    classes, width = len(RUN["classes"]), weights["head.weight"].shape[1]
    weights["head.weight"] = (0.01 * Stream(RUN["seed"], "head").normal(classes, width)).float()
    weights["head.bias"] = torch.zeros(classes)
    return weights


start = start_weights(read_file())
network = ResNet(len(RUN["classes"]))
missing = network.load_state_dict(start, strict=False).missing_keys
assert all(name.endswith("num_batches_tracked") for name in missing), missing`;

const training = String.raw`def make_optimizer(groups):
    """One learning rate for each group; norms and biases, which have one axis, do not decay."""
    parameters = dict(network.named_parameters())
    parts = []
    for group in groups:
        own = [parameters[name] for name in group["weights"]]
        for decays in (True, False):
            some = [one for one in own if (one.ndim > 1) == decays]
            decay = RUN["weightDecay"] if decays else 0.0
            parts += [{"params": some, "lr": group["learningRate"], "weight_decay": decay}] if some else []
    kind = RUN["optimizer"]
    if kind in ("adam", "adamw"):
        return (torch.optim.AdamW if kind == "adamw" else torch.optim.Adam)(parts)
    return torch.optim.SGD(parts, lr=1.0, momentum=0.9, nesterov=kind == "nesterov")


def count_right():
    network.eval()
    with torch.no_grad():
        return int((network(questions).argmax(1) == question_labels).sum())


per_epoch = math.ceil(len(examples) / min(RUN["batchSize"], len(examples)))
last_step = per_epoch * sum(phase["epochs"] for phase in RUN["phases"])
step, losses, right = 0, [], {}
for phase in RUN["phases"]:
    moving = {name for group in phase["groups"] for name in group["weights"]}
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name in moving)  # everything else is frozen
    optimizer = make_optimizer(phase["groups"])
    for _ in range(phase["epochs"] * per_epoch):
        if step == len(RUN["page"]["losses"]):  # where the page stopped
            break
        network.train(phase["statistics"] == "batch")
        rows, counts = batch(step)
        each = F.cross_entropy(network(examples[rows]), example_labels[rows], reduction="none")
        loss = (each * counts).sum() / counts.sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        losses.append(float(loss.detach()))
        if step % (per_epoch * RUN["evaluateEvery"]) == 0 or step == last_step:
            right[step] = count_right()`;

const comparison = String.raw`page = RUN["page"]
print("step   loss in the page   here        right in the page   here")
for at, correct in page["right"]:
    here = f"{right[at]:4d} of {len(questions)}" if at in right else "-"
    print(f"{at:4d}   {page['losses'][at - 1]:<16.6f}   {losses[at - 1]:<9.6f}   {correct:4d} of {len(questions)}          {here}")

apart = [abs(a - b) / page["losses"][0] for a, b in zip(page["losses"], losses) if math.isfinite(a)]
loss_apart = max(apart)
right_apart = max((abs(right[at] - correct) for at, correct in page["right"] if at in right), default=0)
trained = {name for phase in RUN["phases"] for group in phase["groups"] for name in group["weights"]}
frozen = {name: value for name, value in network.named_parameters() if name not in trained}
changed = sum(int((value != start[name]).sum()) for name, value in frozen.items())
print(f"Losses differ by at most {loss_apart:.2%} of the first, answers by at most {right_apart} of {len(questions)}.")
print(f"Of {sum(value.numel() for value in frozen.values())} frozen weights {changed} changed.")
is_same = loss_apart <= RUN["tolerance"]["loss"] and right_apart <= RUN["tolerance"]["right"]
print("The run is repeated within its tolerance." if is_same else "The run is not repeated within its tolerance.")`;

const shared = { training, comparison } as const;

/**
 * The cells in their order, by what they are about, for networks of pictures and of texts; RUN must be defined between the first and
 * the second.
 */
export const notebookCells = {
  pictures: {
    ...{ imports, pictures, randomNumbers, network },
    weights: `${reading}\n\n\n${firstWeights}`,
    ...shared,
  },
  texts: {
    ...{ imports, sentences, randomNumbers, encoder },
    weights: `${reading}\n\n\n${firstTextWeights}`,
    ...shared,
  },
} as const;

export type NotebookPart = keyof (typeof notebookCells)['pictures'] | keyof (typeof notebookCells)['texts'];
