"""sentiment-mini as the shared steps see it."""

from ..shared.language.model_kind import LanguageModel
from .graph import build_graph
from .model import LABELS, Sentiment

SENTIMENT = LanguageModel(
    id="sentiment-mini",
    recipe="sentiment",
    title="bert-mini, fine-tuned to tell praise from blame",
    description=(
        "The encoder of bert-mini with a linear head over the mean of the last hidden states. The mean is taken over all pieces, since "
        "bert-mini's training gave [CLS] nothing to say."
    ),
    role="It shows what a pre-trained network is worth to a task with labels.",
    task="text-classification",
    build=Sentiment,
    build_graph=build_graph,
    has_mask=True,
    head_macs=lambda size, length: size.width * len(LABELS),
    trained_on="bert-mini's text, then the 67,349 labelled phrases of SST-2 (Socher et al. 2013) with their tokens joined as people write them",
    labels=LABELS,
    sentences=("a wonderful film.", "I don't think I will ever want to see this dull mess again.", "well…"),
)
