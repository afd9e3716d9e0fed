"""The authorization table as it is printed in docs/security.md: `python -m tests.security.page`."""

from __future__ import annotations

from pathlib import Path

from chassis.auth import ANY_CLIENT
from services.run import KINDS
from tests.security.methods import Method, diagnostics_of, methods_of, rules_of
from tests.security.village import CLIENTS

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN = "<!-- authorization: made by `make docs`, not by hand -->"
END = "<!-- end of authorization -->"
# In the village some other team is called so.
_HEADINGS = [*(each for each in CLIENTS if each != "billing"), "any other"]


def rendered() -> str:
    """The section between the marks."""
    lines = [f"| method | {' | '.join(_HEADINGS)} |", f"| --- |{' :-: |' * len(_HEADINGS)}"]
    for service in ("ingress", "ai", "scheduler", "notifier"):
        lines += [_line(method) for method in methods_of(service)]
    lines += [_line(method, " ¹") for method in diagnostics_of("ai")]
    return "\n".join(lines)


def written(page: str) -> str:
    """The page with the section as it must be. Raises ValueError without the marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has no marks for the table")
    return f"{before}{BEGIN}\n\n{rendered()}\n\n{END}{after}"


def _line(method: Method, note: str = "") -> str:
    clients = rules_of(method.service).clients_of(method.path)
    cells = ["✓" if {client, ANY_CLIENT} & clients else "" for client in _HEADINGS]
    return f"| `{method.path.lstrip('/')}`{note} | {' | '.join(cells)} |"


if __name__ == "__main__":
    assert set(KINDS) == {"ingress", "ai", "scheduler", "notifier"}
    PAGE.write_text(written(PAGE.read_text()))
