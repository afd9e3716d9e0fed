"""The outside world, played: Meta's Cloud API and webhooks, Gemini's wire, and people."""
