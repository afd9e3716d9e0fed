"""What the doctor reads: the settings of all services, and a few of its own."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr

from chassis.settings import Settings
from cli.doctor.finding import Finding, fail, ok, warn
from cli.simulator import SIMULATED
from services.ai.settings import AiSettings
from services.run import problems

# Secrets shorter than this are guessed, or were typed by hand.
_SHORTEST_SECRET = 8
_DEFAULTS = frozenset(SIMULATED[name] for name in SIMULATED if "URL" not in name)


class DoctorSettings(Settings):
    """What the outside world is asked about."""

    whatsapp_api_url: str = Field(
        default="https://graph.facebook.com/v26.0",
        pattern=r"^https?://[^\s]+$",
        description="The Graph API with its version; the simulator's while there is no account.",
    )
    whatsapp_phone_id: str = Field(default="", description="Id of the phone number.")
    whatsapp_account_id: str = Field(
        default="", description="Id of the WhatsApp Business account, for templates and `doctor`."
    )
    whatsapp_app_id: str = Field(
        default="", description="Id of the Meta app; `doctor` then checks its subscriptions too."
    )
    whatsapp_auth_token: SecretStr = Field(default=SecretStr(""), description="System-user token.")
    whatsapp_app_secret: SecretStr = Field(
        default=SecretStr(""), description="Signs webhooks; several, comma-separated."
    )
    whatsapp_verify_token: SecretStr = Field(
        default=SecretStr(""), description="What Meta says at the handshake."
    )
    gemini_api_key: SecretStr = Field(
        default=SecretStr(""), description="Unset: the local engine works alone."
    )
    gemini_api_url: str = Field(
        default="https://generativelanguage.googleapis.com",
        description="Where Gemini is; the simulator's for tests.",
    )
    gemini_model: str = Field(
        default=AiSettings.model_fields["gemini_model"].default, description="Which model is asked."
    )


def check_settings() -> list[Finding]:
    """Whether every service would start with the environment as it is."""
    found = [
        fail("settings", f"{each.variable} {each.problem}", each.advice or "Correct it.")
        for each in problems()
    ]
    return found or [ok("settings", "all services find what they need in the environment")]


def check_secrets(*, is_simulated: bool) -> list[Finding]:
    """Whether a secret is one that everybody knows, or is too short to be one."""
    if is_simulated:
        return [
            warn(
                "secrets",
                "the outside world is the simulator, with the credentials that everybody knows",
                "Set WHATSAPP_AUTH_TOKEN, WHATSAPP_PHONE_ID, WHATSAPP_APP_SECRET and "
                "WHATSAPP_VERIFY_TOKEN to talk to real people.",
            )
        ]
    found = [
        fail("secrets", f"{name} is the simulator's", "Set the one of your own app.")
        for name in SIMULATED
        if os.environ.get(name) in _DEFAULTS
    ]
    for name in ("WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"):
        if any(len(each) < _SHORTEST_SECRET for each in os.environ.get(name, "").split(",")):
            found.append(
                fail("secrets", f"{name} has fewer than 8 characters", "Choose a longer one.")
            )
    return found or [ok("secrets", "none is a default, none is too short to be a secret")]


def check_home(home: Path) -> list[Finding]:
    """Whether what is under HARK_HOME can be read by its owner alone."""
    path = home / "secrets.env"
    if not path.exists():
        return []
    if path.stat().st_mode & 0o077:
        return [
            fail("secret file", f"others can read {path.name}", f"Run: chmod 600 {path}"),
        ]
    return [ok("secret file", "only its owner can read it; keep a copy in a safe place")]


def first_secret(secret: SecretStr) -> str:
    """The newest of several, comma-separated."""
    return secret.get_secret_value().split(",")[0].strip()
