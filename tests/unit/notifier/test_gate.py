"""What one process knows of when more may go out."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.usecases.gate import FEW, Gate
from tests.unit.notifier.fakes import NOW

SECOND = timedelta(seconds=1)


def a_gate() -> Gate:
    return Gate(fresh_for=SECOND)


def test_an_open_gate_lets_everything_through() -> None:
    gate = a_gate()
    assert gate.most(32, NOW) == 32
    assert gate.opens() is None


def test_a_shut_gate_lets_nothing_through_before_its_time() -> None:
    gate = a_gate()
    gate.shut(NOW + SECOND)
    assert gate.most(32, NOW + SECOND - timedelta(microseconds=1)) == 0
    assert gate.opens() == NOW + SECOND
    assert gate.most(32, NOW + SECOND) == 32
    assert gate.opens() is None


@given(st.lists(st.integers(0, 900), max_size=40), st.lists(st.integers(0, 899), max_size=10))
def test_no_more_go_through_than_grants_have_come_back(times: list[int], looks: list[int]) -> None:
    gate = a_gate()
    gate.expect([NOW + timedelta(milliseconds=time) for time in times], NOW)
    through = 0
    for look in sorted(looks):
        through += gate.most(5, NOW + timedelta(milliseconds=look))
        assert through <= sum(time < look for time in times)


def test_what_is_known_grows_old_and_a_few_find_out_how_things_are() -> None:
    gate = a_gate()
    gate.expect([], NOW)
    assert gate.most(32, NOW + SECOND - timedelta(microseconds=1)) == 0
    assert gate.most(32, NOW + SECOND) == FEW
    assert gate.opens() is None


def test_it_says_when_to_ask_again() -> None:
    gate = a_gate()
    gate.expect([NOW + SECOND / 2, NOW + SECOND * 3], NOW)
    # A grant is free after its time, not at it.
    assert gate.opens() == NOW + SECOND / 2 + timedelta(microseconds=1)
    assert gate.most(1, NOW + SECOND * 0.6) == 1
    assert gate.opens() == NOW + SECOND + timedelta(microseconds=1)
