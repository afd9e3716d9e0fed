"""Settings from the environment, checked all at once, each problem with what to do about it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, overload

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.address import ListenAddress as ListenAddress

A = TypeVar("A", bound="Settings")
B = TypeVar("B", bound="Settings")
C = TypeVar("C", bound="Settings")
D = TypeVar("D", bound="Settings")


class Settings(BaseSettings):
    """Settings whose variables are named like the fields, in capitals."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        extra="ignore", frozen=True, validate_default=True, hide_input_in_errors=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_blank_secrets(cls, value: object, info: Any) -> object:
        annotation = cls.model_fields[info.field_name].annotation
        if isinstance(value, str) and not value.strip():
            if _is_secret(annotation):
                raise ValueError("is set but blank")
            if _is_optional_path(annotation):
                # An empty path would be the folder at hand.
                return None
        return value


class DatabaseSettings(Settings):
    """Where the memory is."""

    database_url: SecretStr | None = Field(
        default=None,
        description="postgresql://user:password@host/database; unset: an embedded Postgres.",
    )


class TlsSettings(Settings):
    """What is shown and trusted on the wire."""

    hark_tls_certificate_file: Path | None = Field(
        default=None, description="PEM certificate of this service; unset: no TLS."
    )
    hark_tls_key_file: Path | None = Field(
        default=None, description="PEM key that belongs to the certificate."
    )
    hark_tls_ca_file: Path | None = Field(
        default=None, description="PEM certificate that signed those of all services (mutual TLS)."
    )


class SecuritySettings(TlsSettings):
    """Who may call, and what seals what is kept."""

    hark_tokens: SecretStr = Field(
        description="client:token pairs, comma-separated; `make up` makes random ones."
    )
    hark_keys_file: Path | None = Field(
        default=None,
        description="File with HARK_KEYS in it, read again when it changes; wins over HARK_KEYS.",
    )
    hark_keys: SecretStr | None = Field(
        default=None,
        description="Encryption keys id:base64 (32 bytes each), comma-separated, newest first.",
    )
    hark_hash_key: SecretStr = Field(
        description="32 bytes in base64 behind all keyed hashes; it never rotates with HARK_KEYS."
    )

    @field_validator("hark_keys")
    @classmethod
    def _one_of_both(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("hark_keys_file") is None:
            raise ValueError("is not set, and neither is HARK_KEYS_FILE")
        return value


class LogSettings(Settings):
    """How much is logged."""

    hark_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One wrong or missing variable, and what to do."""

    variable: str
    problem: str
    advice: str

    def __str__(self) -> str:
        return f"{self.variable} {self.problem}. {self.advice}".strip()


class SettingsProblems(Exception):
    """Settings are wrong or missing; all of them are listed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        lines = "\n".join(f"  - {problem}" for problem in problems)
        noun = "problem" if len(problems) == 1 else "problems"
        super().__init__(f"{len(problems)} {noun} with the settings:\n{lines}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable as `.env.example` and the documentation show it."""

    name: str
    default: str | None
    description: str
    is_secret: bool


@overload
def load(a: type[A], /, *, env_file: Path | None = None) -> tuple[A]: ...
@overload
def load(a: type[A], b: type[B], /, *, env_file: Path | None = None) -> tuple[A, B]: ...
@overload
def load(
    a: type[A], b: type[B], c: type[C], /, *, env_file: Path | None = None
) -> tuple[A, B, C]: ...
@overload
def load(
    a: type[A], b: type[B], c: type[C], d: type[D], /, *, env_file: Path | None = None
) -> tuple[A, B, C, D]: ...
@overload
def load(*classes: type[Settings], env_file: Path | None = None) -> tuple[Settings, ...]: ...
def load(*classes: type[Settings], env_file: Path | None = None) -> tuple[Settings, ...]:
    """One instance of each class, from the environment (which wins) and `env_file`, if given.

    Raises `SettingsProblems` with every problem of every class.
    """
    loaded: list[Settings] = []
    problems: dict[Problem, None] = {}
    for cls in classes:
        try:
            # pydantic-settings takes `_env_file`, which its dataclass-like signature does not show.
            loaded.append(cls(_env_file=env_file))  # type: ignore[call-arg]
        except ValidationError as error:
            problems.update(dict.fromkeys(_problems(cls, error)))
    if problems:
        raise SettingsProblems(tuple(problems))
    return tuple(loaded)


def describe(*classes: type[Settings]) -> Iterator[Variable]:
    """Every variable the classes read, in order, once."""
    seen: set[str] = set()
    for cls in classes:
        for name, field in cls.model_fields.items():
            if name in seen:
                continue
            seen.add(name)
            default = field.get_default(call_default_factory=True, validated_data={})
            yield Variable(
                name=name.upper(),
                default=None if default in (None, PydanticUndefined) else str(default),
                description=field.description or "",
                is_secret=_is_secret(field.annotation),
            )


def _problems(cls: type[Settings], error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_input=False):
        name = str(detail["loc"][0]) if detail["loc"] else ""
        field = cls.model_fields.get(name)
        message = detail["msg"].removeprefix("Value error, ")
        problem = "is not set" if detail["type"] == "missing" else message
        if detail["type"] not in ("missing", "value_error"):
            problem = f"is wrong: {message[0].lower()}{message[1:]}"
        advice = field.description if field and field.description else ""
        yield Problem(variable=name.upper(), problem=problem, advice=advice)


def _is_optional_path(annotation: Any) -> bool:
    return {Path, type(None)} == set(get_args(annotation))


def _is_secret(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_is_secret(argument) for argument in get_args(annotation))
    return annotation is SecretStr
