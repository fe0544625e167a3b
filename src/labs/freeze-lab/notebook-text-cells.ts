/** What differs in the program of `notebook-cells.ts` for a network that reads sentences: its examples, its layers, its first weights. */

/** Sentences in place of pictures. */
export const sentences = String.raw`def read_set(part):
    """Word pieces int64 [N, T], -1 behind the end of a sentence, and labels int64 [N]."""
    longest = RUN["pieces"]
    rows = [ids + [-1] * (longest - len(ids)) for ids in part["pieces"]]
    return torch.tensor(rows), torch.tensor(part["labels"])


examples, example_labels = read_set(RUN["train"])
questions, question_labels = read_set(RUN["heldOut"])
print(f"{len(examples)} sentences to learn from, {len(questions)} held out; the first is {RUN['classes'][example_labels[0]]}:")
print(RUN["train"]["sentences"][0])`;

/** The encoder in place of the residual network. */
export const encoder = String.raw`class Attention(nn.Module):
    """Every piece looks at all others (Vaswani et al. 2017): float32 [N, T, width] in and out."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.norm = nn.LayerNorm(width)

    def forward(self, x, far):
        query, key, value = (
            layer(x).view(*x.shape[:2], self.heads, -1).transpose(1, 2) for layer in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(2, 3) / math.sqrt(x.shape[2] // self.heads) + far
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(x.shape)
        return self.norm(x + self.output(mixed))


class FeedForward(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.intermediate, self.output = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        return self.norm(x + self.output(F.gelu(self.intermediate(x))))


class Layer(nn.Module):
    def __init__(self, width, inner, heads):
        super().__init__()
        self.attention, self.feed_forward = Attention(width, heads), FeedForward(width, inner)

    def forward(self, x, far):
        return self.feed_forward(self.attention(x, far))


class Embeddings(nn.Module):
    def __init__(self, pieces, width, positions):
        super().__init__()
        self.word, self.position = nn.Embedding(pieces, width), nn.Embedding(positions, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, ids):
        return self.norm(self.word(ids) + self.position.weight[: ids.shape[1]])


class Judge(nn.Module):
    """Word pieces, -1 for padding, to logits [N, classes]; parameters have the names of the page's file."""

    def __init__(self, weights, classes):
        super().__init__()
        pieces, width = weights["embeddings.word.weight"].shape
        heads = int(weights["encoder.layer.0.attention.heads"][2])
        inner = len(weights["encoder.layer.0.feed_forward.intermediate.bias"])
        depth = sum(name.endswith(".intermediate.bias") for name in weights)
        self.embeddings = Embeddings(pieces, width, len(weights["embeddings.position.weight"]))
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList(Layer(width, inner, heads) for _ in range(depth))
        self.classifier = nn.Linear(width, classes)

    def forward(self, ids):
        mask = (ids >= 0).float()
        far = (1 - mask[:, None, None, :]) * -1e4
        x = self.embeddings(ids.clamp(min=0))
        for layer in self.encoder.layer:
            x = layer(x, far)
        return self.classifier((x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True))`;

/** What the run began with. */
export const firstTextWeights = String.raw`def draw_weights(model, weights):
    """Random weights in place of the file's, up to the states that the new head reads: in the order of the nodes, as the page draws them."""
    random, drawn = Stream(RUN["seed"], "weights"), set()
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            value = weights.get(name)
            if value is None or not value.is_floating_point() or value.numel() == 1 or name in drawn:
                continue
            drawn.add(name)
            if node.op_type == "LayerNormalization":
                weights[name] = torch.full_like(value, float(place == 1))
            elif node.op_type == "Add":
                weights[name] = torch.zeros_like(value)
            else:
                weights[name] = (0.02 * random.normal(*value.shape)).float()
        if RUN["states"] in node.output:
            return


def start_weights(model):
    """What the run began with: the file's weights or random ones, and a new head."""
    weights = read_weights(model)
    if RUN["start"] == "random":
        draw_weights(model, weights)
    classes, width = len(RUN["classes"]), weights["embeddings.word.weight"].shape[1]
    weights["classifier.weight"] = (0.01 * Stream(RUN["seed"], "head").normal(classes, width)).float()
    weights["classifier.bias"] = torch.zeros(classes)
    return weights


start = start_weights(read_file())
network = Judge(start, len(RUN["classes"]))
missing = network.load_state_dict(start, strict=False).missing_keys
assert not missing, missing`;
