"""Trains the local engine's linear model and packs its weights as int8.

    python -m benchmarks.train_intents [--corpora DIR]

needs numpy, scipy and scikit-learn (not dependencies of Hark), and the CC BY corpora CLINC150,
NLU-Evaluation-Data and SLURP under `$HARK_SHARED/understanding/corpora`. Nothing else is read but
the project's own sentences; every fourth of those is kept for the test.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.train_intents_templates import sentences
from services.ai.domain.intent import Language
from services.ai.local.commands.features import BUCKETS, buckets
from services.ai.local.conventions import DEFAULT
from services.ai.local.survey import look

_SOURCES = ("train_clinc_train", "train_nlueval_train", "train_slurp_devel")
_SENTENCES = Path("tests/conversations/sentences")
_TARGET = Path("services/ai/local/commands/weights.bin")
_NOW = datetime(2026, 11, 22, 10)
_OWN_WEIGHT = 5.0
_TEMPLATE_WEIGHT = 1.0
_INVERSE_REGULARISATION = 4.0
_BALANCE = 0.5


class Example(NamedTuple):
    """A text's features, its intent and its weight."""

    buckets: list[int]
    intent: str
    weight: float


def held_out(index: int) -> bool:
    """Whether one of the project's own sentences is for testing only."""
    return index % 4 == 0


def _read(path: Path, weight: float, *, own: bool) -> Iterator[Example]:
    for index, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if own and held_out(index):
            continue
        row = json.loads(line)
        seen = look(row["text"], _NOW, Language.ENGLISH, DEFAULT)
        features = buckets(seen.text, seen.spans, seen.ruled)
        yield Example(features, row["intent"], weight)


def _templates() -> list[Example]:
    """Sentences made of the project's own templates."""
    made = []
    for text, intent in sentences():
        seen = look(text, _NOW, Language.ENGLISH, DEFAULT)
        made.append(Example(buckets(seen.text, seen.spans, seen.ruled), intent, _TEMPLATE_WEIGHT))
    return made


def _weights(examples: Sequence[Example]) -> list[float]:
    counts = Counter(example.intent for example in examples)
    return [
        example.weight * (len(examples) / counts[example.intent]) ** _BALANCE
        for example in examples
    ]


def train(examples: Sequence[Example]) -> bytes:
    """The packed model."""
    import numpy
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    indices = [bucket for example in examples for bucket in example.buckets]
    ends = numpy.cumsum([0] + [len(example.buckets) for example in examples])
    matrix = csr_matrix(
        (numpy.ones(len(indices), dtype=numpy.float32), indices, ends),
        shape=(len(examples), BUCKETS),
    )
    weights = numpy.array(_weights(examples))
    model = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=300)
    model.fit(matrix, [example.intent for example in examples], weights / weights.mean())
    return _pack(model)


def _pack(model: Any) -> bytes:
    import numpy

    scales = numpy.abs(model.coef_).max(axis=1) / 127
    whole = numpy.rint(model.coef_ / scales[:, None]).astype(numpy.int8)
    head = json.dumps(
        {
            "classes": [str(name) for name in model.classes_],
            "scales": [float(scale) for scale in scales],
            "biases": [float(bias) for bias in model.intercept_],
        }
    ).encode()
    return len(head).to_bytes(4, "little") + head + numpy.ascontiguousarray(whole.T).tobytes()


def main() -> None:
    """Trains and writes the weights into the package."""
    shared = os.environ.get("HARK_SHARED", "../shared")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path(shared) / "understanding/corpora")
    parser.add_argument("--out", type=Path, default=_TARGET)
    options = parser.parse_args()
    examples: list[Example] = []
    for name in _SOURCES:
        examples += _read(options.corpora / f"{name}.jsonl", 1.0, own=False)
    for path in sorted(_SENTENCES.glob("*.jsonl")):
        examples += _read(path, _OWN_WEIGHT, own=True)
    examples += _templates()
    packed = train(examples)
    options.out.write_bytes(packed)
    print(f"{len(examples)} texts, {len(packed)} bytes")


if __name__ == "__main__":
    main()
