"""What the ai service counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS = (0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 10, 15, 30)


class AiMetrics:
    """Port `Figures` over Prometheus."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._turns = Counter(
            "hark_ai_turns_total",
            "Messages understood, by the way they went: local, gemini, local_timed_out, …",
            ("path",),
            registry=registry,
        )
        self._calls = Counter(
            "hark_ai_model_calls_total",
            "Calls of the model, by outcome: answered, or the trouble with it.",
            ("outcome",),
            registry=registry,
        )
        self._seconds = Histogram(
            "hark_ai_model_seconds",
            "How long the model took.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._tokens = Counter(
            "hark_ai_model_tokens_total",
            "Tokens that the model counted.",
            ("direction",),
            registry=registry,
        )

    def understood(self, path: str) -> None:
        """One more turn that went this way."""
        self._turns.labels(path).inc()

    def asked(self, outcome: str, seconds: float) -> None:
        """One call of the model."""
        self._calls.labels(outcome).inc()
        self._seconds.observe(seconds)

    def spent(self, *, input_tokens: int, output_tokens: int) -> None:
        """Tokens that the model counted."""
        self._tokens.labels("input").inc(input_tokens)
        self._tokens.labels("output").inc(output_tokens)
