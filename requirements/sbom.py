"""The software bill of materials (CycloneDX 1.6, JSON) of what runs: `make sbom`.

Made from the hash-locked list, which says exactly what is installed, and from what the installed
packages say about their licences. Deterministic: the same list gives the same file.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKED = ROOT / "requirements" / "runtime.txt"
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(locked: str, project: dict[str, Any]) -> dict[str, Any]:
    """The document for a lock file's text and the `[project]` table of pyproject.toml."""
    components = sorted(_components(locked), key=lambda each: str(each["name"]))
    reference = f"pkg:pypi/{project['name']}@{project['version']}"
    serial = uuid.UUID(hashlib.sha256(locked.encode()).hexdigest()[:32], version=4)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": project["name"],
                "version": project["version"],
                "purl": reference,
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [each["bom-ref"] for each in components]}],
    }


def _components(locked: str) -> Iterator[dict[str, Any]]:
    for block in re.split(r"\n(?=[A-Za-z0-9])", locked):
        if (entry := _ENTRY.match(block)) is None:
            continue
        name, version = entry["name"].lower(), entry["version"]
        purl = f"pkg:pypi/{name}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            # One for each file that may be installed: of these, one is.
            "properties": [
                {"name": "hark:accepted-sha256", "value": digest} for digest in _HASH.findall(block)
            ],
            **_licence(name),
        }


def _licence(name: str) -> dict[str, Any]:
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        # Locked for another system than this one.
        return {}
    if expression := said.get("License-Expression"):
        return {"licenses": [{"expression": expression}]}
    names = [
        classifier.rpartition(" :: ")[2]
        for classifier in said.get_all("Classifier") or []
        if classifier.startswith("License :: ")
    ]
    return {"licenses": [{"license": {"name": each}} for each in names]} if names else {}


def main() -> None:
    """Writes the file named by the first argument, or prints it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = json.dumps(bill(LOCKED.read_text(), project), indent=2) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
