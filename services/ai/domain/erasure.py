"""People who were erased."""

from __future__ import annotations

from chassis.errors import Code, ServiceError


class UserErased(ServiceError):
    """This person was erased; whoever writes again is somebody new, with another user_id."""

    code = Code.FAILED_PRECONDITION
    reason = "USER_ERASED"
