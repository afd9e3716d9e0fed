"""The kinds of message that a business can send, and what Meta takes of each."""
