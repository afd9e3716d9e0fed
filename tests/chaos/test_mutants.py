"""Every mutant still finds what it takes away."""

from __future__ import annotations

import subprocess
import sys

from tests.chaos.mutants import MUTANTS

APPLY_ALL = """
from tests.chaos.mutants.__main__ import MUTATIONS
for mutate in MUTATIONS.values():
    mutate()
print(*MUTATIONS)
"""


def test_every_mutation_fits_the_code_as_it_is() -> None:
    # In a process of its own: what is mutated stays so.
    applied = subprocess.run(
        [sys.executable, "-c", APPLY_ALL], capture_output=True, text=True, timeout=50, check=False
    )
    assert applied.returncode == 0, applied.stderr
    assert applied.stdout.split() == list(MUTANTS)
