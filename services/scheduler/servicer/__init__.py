"""The gRPC edge of the scheduler: translate, call one use case, translate."""
