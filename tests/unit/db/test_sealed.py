"""The `Sealed` column type: ciphertext or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects import postgresql

from db.sealed import Ciphertext, Sealed, context

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("wrong", [b"what somebody wrote", "text", bytearray(b"x"), 1])
def test_anything_but_ciphertext_is_refused_without_being_repeated(wrong: object) -> None:
    with pytest.raises(TypeError) as refused:
        Sealed().process_bind_param(wrong, DIALECT)
    assert "wrote" not in str(refused.value)


def test_ciphertext_and_null_pass_both_ways() -> None:
    sealed = Ciphertext(b"\x01sealed")
    assert Sealed().process_bind_param(sealed, DIALECT) is sealed
    assert Sealed().process_bind_param(None, DIALECT) is None
    assert type(Sealed().process_result_value(b"\x01sealed", DIALECT)) is Ciphertext
    assert Sealed().process_result_value(None, DIALECT) is None


def test_ciphertext_does_not_print_its_bytes() -> None:
    assert repr(Ciphertext(b"abc")) == "Ciphertext(3 bytes)"


def test_no_two_places_have_the_same_context() -> None:
    places = {
        context("a.b", "c", "d"),
        context("a.bc", "", "d"),
        context("a.b", "cd", ""),
        context("a.b", "c", b"\x00d"),
        context("a.b", "c", "7"),
    }
    assert len(places) == 5
    assert context("a.b", "c", 7) == context("a.b", "c", "7")
