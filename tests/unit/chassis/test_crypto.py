"""What is sealed stays sealed, and opens after every rotation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.crypto import Keyring, Unreadable, derive, encoded_key, keyed_hash, new_key

OLD, NEW = new_key(), new_key()
CONTEXT = b"inbox.body.42"


def ring(*keys: tuple[str, bytes]) -> Keyring:
    return Keyring.from_setting(",".join(f"{name}:{encoded_key(key)}" for name, key in keys))


@given(plaintext=st.binary(max_size=2_000), context=st.binary(max_size=64))
def test_what_was_sealed_opens_in_its_place(plaintext: bytes, context: bytes) -> None:
    keyring = ring(("k1", OLD))

    sealed = keyring.seal(plaintext, context)

    assert keyring.open(sealed, context) == plaintext
    assert len(sealed) == len(plaintext) + 2 + len("k1") + 12 + 16
    assert len(plaintext) < 8 or plaintext not in sealed


def test_the_same_content_never_looks_the_same() -> None:
    keyring = ring(("k1", OLD))

    assert len({keyring.seal(b"call Ada", CONTEXT) for _ in range(100)}) == 100


def test_it_does_not_open_in_another_place() -> None:
    keyring = ring(("k1", OLD))

    with pytest.raises(Unreadable):
        keyring.open(keyring.seal(b"call Ada", CONTEXT), b"inbox.body.43")


def test_no_byte_can_be_changed_and_none_removed() -> None:
    keyring = ring(("k1", OLD))
    sealed = keyring.seal(b"call Ada", CONTEXT)
    altered = [
        sealed[:at] + bytes((sealed[at] ^ 1 << bit,)) + sealed[at + 1 :]
        for at in range(len(sealed))
        for bit in range(8)
    ]
    shortened = [sealed[:length] for length in range(len(sealed))]

    for value in altered + shortened:
        with pytest.raises(Unreadable):
            keyring.open(value, CONTEXT)


def test_after_a_rotation_the_old_opens_and_the_new_seals() -> None:
    before, after = ring(("k1", OLD)), ring(("k2", NEW), ("k1", OLD))
    old = before.seal(b"call Ada", CONTEXT)

    assert after.open(old, CONTEXT) == b"call Ada"
    assert not after.is_current(old)
    assert after.is_current(after.seal(b"call Ada", CONTEXT))
    with pytest.raises(Unreadable, match="not in the keyring"):
        before.open(after.seal(b"call Ada", CONTEXT), CONTEXT)


def test_a_key_that_came_under_the_name_of_another_does_not_open() -> None:
    sealed = ring(("k1", OLD)).seal(b"call Ada", CONTEXT)

    with pytest.raises(Unreadable):
        ring(("k1", NEW)).open(sealed, CONTEXT)


def test_all_faulty_entries_of_a_setting_are_told_at_once_and_none_is_shown() -> None:
    secret = encoded_key(NEW)[:-4]
    with pytest.raises(ValueError, match=r"entry 1 .* entry 3") as refused:
        Keyring.from_setting(f"nocolon,ok:{encoded_key(OLD)},short:{secret},ok2:{encoded_key(NEW)}")

    assert secret not in str(refused.value)
    assert "entry 2" not in str(refused.value)
    assert "entry 4" not in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ((), "at least one"),
        ((("k", OLD), ("k", NEW)), "twice"),
        ((("k", b"short"),), "5 bytes"),
        ((("", OLD),), "key id"),
    ],
)
def test_a_keyring_that_could_not_work_is_refused(
    keys: tuple[tuple[str, bytes], ...], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Keyring(keys)


def test_a_keyed_hash_needs_its_key_and_has_the_asked_size() -> None:
    assert len(keyed_hash(OLD, b"16505551234")) == 16
    assert len(keyed_hash(OLD, b"16505551234", size=32)) == 32
    assert keyed_hash(OLD, b"16505551234") != keyed_hash(NEW, b"16505551234")
    with pytest.raises(ValueError, match="16 to 64"):
        keyed_hash(b"", b"16505551234")


def test_keys_for_two_purposes_differ_and_stay_the_same() -> None:
    master = bytes(range(32))

    assert derive(master, "lanes") != derive(master, "aliases")
    assert derive(master, "lanes") == derive(master, "lanes")
    assert len(derive(master, "lanes")) == 32
    with pytest.raises(ValueError, match="at least 32"):
        derive(b"short", "lanes")
