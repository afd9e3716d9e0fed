"""The table of Meta's errors, row by row as the facts list them."""

from __future__ import annotations

import pytest

from services.notifier.domain.provider_error import RULES, ErrorClass, rule_for

# FACTS.md section 7: class -> codes.
_FACTS = {
    "C": (
        "0 3 10 33 102 104 463 467 190 200 210 299 368 131005 131030 131031 131037 131042 131044"
        " 131045 131048 133000 133005 133006 133008 133009 133010 133015 133016 134011 136024"
        " 2388012 2388091 2388093 2388103"
    ),
    "R?": "1 2 131000 131016 131057 133004 2494100",
    "R+": "4 17 341 613 80007 130429 131056 131208 132069",
    "P": (
        "100 131008 131009 131014 131020 131041 131059 131201 131215 131021 131051 131053 131055"
        " 131062 131063 132000 132001 132005 132007 132008 132012 132016 132018 132068 134100"
        " 134102 135000 137000 138000 138018 139000 139004 139100 139103 147001 147005 1752041"
        " 200005 200007 2388019 2388039 2388040 2388047 2388072 2388073 2388293 2388299 2494164"
        " 2494179 2593107 2593109"
    ),
    "W": "130472 131049 131064 132015 134101",
    "U": "130497 131026 131050",
    "T": "131047",
    "I": "131052 131060",
}
_ROWS = [(int(code), cls) for cls, codes in _FACTS.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "expected"), _ROWS)
def test_each_code_has_the_class_that_the_facts_give_it(code: int, expected: str) -> None:
    assert rule_for(code).error_class is ErrorClass(expected)


def test_no_row_of_the_table_is_untested() -> None:
    assert set(RULES) <= {code for code, _ in _ROWS}


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_code_decides_and_not_the_http_status(code: int) -> None:
    assert rule_for(code, http_status=500) == rule_for(code, http_status=400)


@pytest.mark.parametrize(
    ("code", "status", "is_transient", "expected"),
    [
        (None, 500, False, ErrorClass.MAYBE_SENT),
        (None, 503, False, ErrorClass.MAYBE_SENT),
        (None, 429, False, ErrorClass.MAYBE_SENT),
        (None, 408, False, ErrorClass.MAYBE_SENT),
        (None, 401, False, ErrorClass.ACCOUNT),
        (None, 404, False, ErrorClass.MESSAGE),
        (999_999, 502, False, ErrorClass.MAYBE_SENT),
        (999_999, 400, False, ErrorClass.MESSAGE),
        (999_999, 400, True, ErrorClass.MAYBE_SENT),
        (None, 0, False, ErrorClass.MESSAGE),
    ],
)
def test_what_is_not_in_the_table_proves_nothing_unless_the_answer_is_a_refusal(
    code: int | None, status: int, is_transient: bool, expected: ErrorClass
) -> None:
    rule = rule_for(code, http_status=status, is_transient=is_transient)
    assert rule.error_class is expected


def test_only_the_pair_rate_delays_one_person_alone() -> None:
    assert [code for code, rule in RULES.items() if rule.is_pair_rate] == [131056]


def test_reasons_are_stable_names() -> None:
    for rule in RULES.values():
        assert rule.reason.isupper()
        assert rule.reason.replace("_", "").isalpha()
        assert len(rule.reason) <= 63
