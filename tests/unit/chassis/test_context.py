"""What travels with the work at hand."""

from __future__ import annotations

from chassis import context


def test_what_is_bound_holds_for_the_block_alone() -> None:
    with context.bind(request_id="r", message_id="m", caller="ai"):
        with context.bind(message_id="n"):
            assert context.request_id.get() == "r"
            assert context.message_id.get() == "n"
        assert context.message_id.get() == "m"
        assert context.caller.get() == "ai"

    assert context.request_id.get() == ""
    assert context.message_id.get() == ""
    assert context.caller.get() == ""


def test_a_deadline_can_only_be_shortened() -> None:
    assert context.remaining() is None
    with context.bind(timeout=10):
        with context.bind(timeout=60):
            left = context.remaining()
            assert left is not None
            assert 9 < left <= 10
        with context.bind(timeout=1):
            left = context.remaining()
            assert left is not None
            assert 0 < left <= 1
        with context.bind(request_id="r"):
            left = context.remaining()
            assert left is not None
            assert 9 < left <= 10
    assert context.remaining() is None
