"""Words, voice and images become intents here; owns the turns of the conversation."""
