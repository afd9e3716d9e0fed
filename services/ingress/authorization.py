"""Who may call what of the ingress service; nobody may call a method without a line."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.auth import OPERATOR

SERVICE = "hark.ingress.v1.IngressService"

TABLE: Mapping[str, tuple[str, ...]] = {
    f"/{SERVICE}/GetInbox": (OPERATOR,),
    f"/{SERVICE}/ListParts": (OPERATOR,),
    f"/{SERVICE}/RedriveParts": (OPERATOR,),
    # ai asks for it when a person says "delete my data" and confirms.
    f"/{SERVICE}/EraseUser": ("ai", OPERATOR),
    f"/{SERVICE}/GetErasure": (OPERATOR,),
    f"/{SERVICE}/ListErasures": (OPERATOR,),
}
