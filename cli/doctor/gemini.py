"""Whether the model can be reached with the key that there is."""

from __future__ import annotations

import httpx2

from cli.doctor.environment import DoctorSettings
from cli.doctor.finding import Finding, fail, ok

_SECONDS = 5.0
_REFUSED = {400, 401, 403}


async def check_gemini(settings: DoctorSettings) -> list[Finding]:
    """Asks for the description of the model, which costs nothing."""
    key = settings.gemini_api_key.get_secret_value()
    if not key:
        return [ok("Gemini", "no key: the local engine understands alone")]
    url = f"{settings.gemini_api_url.rstrip('/')}/v1beta/models/{settings.gemini_model}"
    try:
        async with httpx2.AsyncClient(timeout=_SECONDS) as client:
            answer = await client.get(url, headers={"x-goog-api-key": key})
    except httpx2.TransportError as error:
        advice = "Check GEMINI_API_URL and the network; until then the local engine answers."
        return [fail("Gemini", f"it does not answer ({type(error).__name__})", advice)]
    if answer.status_code == httpx2.codes.OK:
        return [ok("Gemini", f"{settings.gemini_model} is there")]
    if answer.status_code in _REFUSED:
        return [fail("Gemini", f"HTTP {answer.status_code}: the key is refused", "Make a new key.")]
    if answer.status_code == httpx2.codes.NOT_FOUND:
        return [fail("Gemini", f"there is no {settings.gemini_model}", "Set GEMINI_MODEL.")]
    return [fail("Gemini", f"HTTP {answer.status_code}", "Try again; look at Google's status.")]
