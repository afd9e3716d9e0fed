"""Who may call what of the ingress service."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.auth import OPERATOR

TABLE: Mapping[str, tuple[str, ...]] = {
    "/hark.ingress.v1.IngressService/GetInbox": (OPERATOR,),
    "/hark.ingress.v1.IngressService/ListParts": (OPERATOR,),
    "/hark.ingress.v1.IngressService/RedriveParts": (OPERATOR,),
}
