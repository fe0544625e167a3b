"""gpt-mini as the shared steps see it."""

from ..shared.language.model_kind import LanguageModel
from .graph import build_graph
from .model import Gpt

GPT = LanguageModel(
    id="gpt-mini",
    recipe="gpt",
    title="A small GPT: a decoder that guesses the next word piece",
    description=(
        "A decoder-only transformer (Radford et al. 2019): embeddings of pieces and places, then layers of causal self-attention and "
        "feed-forward networks with GELU, a LayerNormalization before each of them and one at the end. The head is a product with the same "
        "table that embeds the pieces. [SEP] stands between texts: a text begins after one, and the network ends a text by giving one."
    ),
    role="It stands beside bert-mini, on the same text, for seeing what guessing forwards can do and cannot.",
    task="language-model",
    build=Gpt,
    build_graph=build_graph,
    has_mask=False,
    head_macs=lambda size, length: length * size.width * size.pieces,
    trained_on="About 94,000 film reviews of the Large Movie Review Dataset (Maas et al. 2011) and 50 MB of public-domain fiction from Project Gutenberg",
    start="[SEP]",
    end=None,
    sentences=("the movie was", "I have never seen such a", "“Well,” said the old man,"),
)
