"""The local engine: understands without a model, in milliseconds. Pure functions, no I/O."""
