"""A linear model over hashed features: int8 weights, a dot product, no library.

The weights come from `benchmarks/train_intents.py`; ATTRIBUTION.md says from which texts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

from services.ai.local.commands.features import BUCKETS

_FILE = "weights.bin"


class Opinion(NamedTuple):
    """The likeliest intent and its probability."""

    intent: str
    probability: float


class LinearModel:
    """Class scores are sums of one int8 weight a feature, scaled per class."""

    def __init__(self, packed: bytes) -> None:
        length = int.from_bytes(packed[:4], "little")
        head = json.loads(packed[4 : 4 + length])
        self.classes: tuple[str, ...] = tuple(head["classes"])
        self._scales: tuple[float, ...] = tuple(head["scales"])
        self._biases: tuple[float, ...] = tuple(head["biases"])
        self._weights = memoryview(packed)[4 + length :].cast("b")
        if len(self._weights) != BUCKETS * len(self.classes):
            raise ValueError("the weights do not fit the features; train again")

    def judge(self, buckets: Sequence[int]) -> Opinion:
        """The most probable class."""
        width, weights = len(self.classes), self._weights
        rows = [weights[bucket * width : (bucket + 1) * width].tolist() for bucket in buckets]
        sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * width
        scores = [
            total * scale + bias
            for total, scale, bias in zip(sums, self._scales, self._biases, strict=True)
        ]
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        best = scores.index(top)
        return Opinion(self.classes[best], 1 / sum(odds))


MODEL = LinearModel((files(__package__) / _FILE).read_bytes())
"""The shipped model, read once at import."""
