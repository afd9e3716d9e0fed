"""The operators' page: how Hark is doing, where a message is, what died and how it lives again.

It has no rights of its own and no database: whoever signs in gives their own token, and everything
is asked of the four services over gRPC with it.
"""
