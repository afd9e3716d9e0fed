"""Who may use it, and the bare words that everybody may say."""

from __future__ import annotations

import pytest

from services.ingress.domain.access import Guests
from services.ingress.domain.sender import Sender
from services.ingress.domain.wish import Wish, wish_of


@pytest.mark.parametrize(
    ("setting", "sender", "expected"),
    [
        ("*", Sender(), True),
        ("+15550100001", Sender(wa_id="15550100001"), True),
        ("1 555 010-0001, +49 30 1", Sender(wa_id="15550100001"), True),
        ("+15550100001", Sender(wa_id="15550100002"), False),
        ("US.1", Sender(business_user_id="US.1"), True),
        ("US.ENT.1", Sender(parent_user_id="US.ENT.1"), True),
        ("US.1", Sender(business_user_id="US.2", wa_id="15550100001"), False),
        # The same phone, as WhatsApp writes it and as people do.
        ("+55 11 99999-0000", Sender(wa_id="551199990000"), True),
        ("+52 55 1234 5678", Sender(wa_id="5215512345678"), True),
        ("+54 9 11 1234 5678", Sender(wa_id="541112345678"), True),
        ("+55 11 99999-0000", Sender(wa_id="551188880000"), False),
        ("", Sender(), False),
        ("", Sender(wa_id="15550100001"), False),
    ],
)
def test_people_are_known_by_number_or_id(setting: str, sender: Sender, expected: bool) -> None:
    assert Guests.parse(setting).admits(sender) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("STOP", Wish.STOP),
        (" stop. ", Wish.STOP),
        ("Stop All", Wish.STOP),
        ("UNSUBSCRIBE!", Wish.STOP),
        ("baja", Wish.STOP),
        ("Pare", Wish.STOP),
        ("Stopp", Wish.STOP),
        ("abmelden", Wish.STOP),
        ("Arrêter", Wish.STOP),
        ("START", Wish.START),
        ("Começar", Wish.START),
        ("démarrer", Wish.START),
        ("m'abonner", Wish.START),
        ("empezar", Wish.START),
        ("stop the timer", None),
        ("cancel", None),
        ("bus stop", None),
        ("don't stop", None),
        ("no", None),
        ("", None),
        ("!!!", None),
        ("stop " * 20, None),
    ],
)
def test_only_a_bare_word_is_a_wish(text: str, expected: Wish | None) -> None:
    assert wish_of(text) is expected
