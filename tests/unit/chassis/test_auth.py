"""Who calls, and what they may."""

from __future__ import annotations

import pytest

from chassis.auth import ANY_CLIENT, Authorization, Tokens

AI, AI_NEXT, OPERATOR = "a" * 32, "b" * 32, "o" * 32


def test_each_token_stands_for_its_client_and_a_client_may_stand_twice() -> None:
    tokens = Tokens.parse(f"ai:{AI}, ai:{AI_NEXT},operator:{OPERATOR},")

    assert [tokens.client_for(token) for token in (AI, AI_NEXT, OPERATOR)] == [
        "ai",
        "ai",
        "operator",
    ]
    assert tokens.token_of("ai") == AI
    assert tokens.clients == {"ai", "operator"}


@pytest.mark.parametrize("guess", ["", AI[:-1], AI + "a", AI.upper(), "é" * 16, "\udc80" * 16])
def test_a_token_that_is_not_exactly_right_stands_for_nobody(guess: str) -> None:
    assert Tokens.parse(f"ai:{AI}").client_for(guess) is None


def test_all_faulty_entries_are_told_at_once_and_none_is_shown() -> None:
    with pytest.raises(ValueError, match="entry") as refused:
        Tokens.parse(f"{AI},AI:{AI},ai:short,ok:{OPERATOR},ai:{'x' * 20} y,b:{OPERATOR}")

    told = str(refused.value)
    assert [n for n in range(1, 7) if f"entry {n}" in told] == [1, 2, 3, 5, 6]
    assert "shorter than 16" in told
    assert "same token as another" in told
    assert AI not in told
    assert OPERATOR not in told


def test_no_entry_at_all_is_a_problem_of_its_own() -> None:
    with pytest.raises(ValueError, match="no entry"):
        Tokens.parse(" , ")


def test_a_client_without_a_token_is_an_error_and_not_an_empty_token() -> None:
    with pytest.raises(KeyError):
        Tokens.parse(f"ai:{AI}").token_of("scheduler")


def test_the_most_exact_line_decides_alone() -> None:
    table = Authorization(
        {
            "*": ["operator"],
            "/hark.x.v1.X/*": ["ai", "operator"],
            "/hark.x.v1.X/Erase": ["operator"],
            "/hark.x.v1.X/Ping": [ANY_CLIENT],
        }
    )

    assert table.allows("/hark.x.v1.X/Get", "ai")
    assert not table.allows("/hark.x.v1.X/Erase", "ai")
    assert table.allows("/hark.x.v1.X/Ping", "anyone")
    assert not table.allows("/hark.y.v1.Y/Get", "ai")
    assert table.allows("/hark.y.v1.Y/Get", "operator")


def test_a_method_without_a_line_may_be_called_by_nobody() -> None:
    assert not Authorization({}).allows("/hark.x.v1.X/Get", "operator")


def test_a_service_whose_name_begins_alike_is_another() -> None:
    table = Authorization({"/hark.x.v1.X/*": ["ai"]})

    assert not table.allows("/hark.x.v1.Xtra/Get", "ai")


def test_an_extension_never_changes_a_line_that_stands() -> None:
    table = Authorization({"/a.B/C": ["ai"]}).extended({"/a.B/C": ["*"], "/a.B/D": ["ai"]})

    assert not table.allows("/a.B/C", "operator")
    assert table.allows("/a.B/D", "ai")


@pytest.mark.parametrize("pattern", ["", "hark.x.v1.X/Get", "/hark.x.v1.X/Get/", "/hark.*/Get"])
def test_a_pattern_that_could_match_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="is no method"):
        Authorization({pattern: ["ai"]})
