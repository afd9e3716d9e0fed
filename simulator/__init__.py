"""The outside world, played: Meta's Cloud API, its webhooks, Gemini's wire, and people with phones."""
