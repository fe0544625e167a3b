"""bert-mini as the shared steps see it."""

from ..shared.language.model_kind import LanguageModel
from .graph import build_graph
from .model import Bert

BERT = LanguageModel(
    id="bert-mini",
    recipe="bert",
    title="A small BERT: an encoder that guesses masked word pieces",
    description=(
        "A BERT encoder (Devlin et al. 2018): embeddings of pieces and places, then layers of self-attention and feed-forward networks with "
        "GELU, a LayerNormalization after each sum. The head is a linear layer with GELU and LayerNormalization, then a product with the same "
        "table that embeds the pieces. There is one segment, so there are no segment embeddings. In place of BERT's next-sentence task, training "
        "asks the mean of the states for the topics of the review that a block comes from (`training/bert/topics.py`); no label is read."
    ),
    role="It is the course's source network for language, meant for learning how transfer works.",
    task="masked-language-model",
    build=Bert,
    build_graph=build_graph,
    has_mask=True,
    head_macs=lambda size, length: length * size.width * (size.width + size.pieces),
    trained_on="About 94,000 film reviews of the Large Movie Review Dataset (Maas et al. 2011) and 50 MB of public-domain fiction from Project Gutenberg",
    sentences=(
        "the movie was [MASK].",
        "I have never [MASK] such a boring film, and the [MASK] was even worse.",
        "Café “Über” — naïve 戒 soooooo\tgood!",
    ),
)
