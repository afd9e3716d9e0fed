"""The control API: how tests, checkers, the command line and the chat page move the world."""
