"""Settings: read from the environment once at boot, checked, and never again.

They come from the environment, and from the file `.env` where the process was started. In
production every provider needs its keys and a missing one refuses to start (`production`).
Elsewhere a provider without keys is replaced by its sandbox (`SANDBOX_URL`), and the two
secrets of the house are made once and kept in `INSTANCE_DIR/keys.env`.
"""

from __future__ import annotations

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fluxgen import production
from fluxgen.errors import Misconfigured

GOOGLE_METADATA_URL = "https://accounts.google.com/.well-known/openid-configuration"
REPLICATE_BASE_URL = "https://api.replicate.com"
REPLICATE_OUTPUT_HOSTS = "replicate.delivery,*.replicate.delivery"
STRIPE_API_BASE = "https://api.stripe.com"
CHECKOUT_ORIGIN = "https://checkout.stripe.com"
GOOGLE_PICTURE_HOSTS = "*.googleusercontent.com"


Kind = Literal["development", "production", "test"]


class _First(BaseSettings):
    """What has to be known before it is clear which files are read."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    fluxgen_env: Kind = "development"
    instance_dir: Path = Path("instance")


class Settings(BaseSettings):
    """One process's settings; the field names are the environment's, in lower case."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    fluxgen_env: Kind = "development"
    secret_key: str = ""
    identity_key: str = ""
    public_url: str = ""
    port: int = 8000
    instance_dir: Path = Path("instance")
    log_dir: Path | None = None
    database_url: str = ""
    redis_url: str = "redis://localhost:6379/0"
    sandbox_url: str = ""

    google_client_id: str = ""
    google_client_secret: str = ""
    google_metadata_url: str = ""
    google_picture_hosts: str = ""

    replicate_api_token: str = ""
    replicate_base_url: str = ""
    replicate_webhook_secret: str = ""
    replicate_output_hosts: str = ""

    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_base: str = ""

    r2_account_id: str = ""
    r2_endpoint_url: str = ""
    r2_access_key_id: str = ""
    r2_secret_access_key: str = ""
    r2_bucket: str = ""

    smtp_url: str = ""
    mail_from: str = ""
    support_email: str = ""
    controller: str = ""
    processors: str = ""
    analytics: Literal["off", "builtin", "vercel"] = "builtin"
    metrics_token: str = ""
    welcome_credits: int = Field(default=0, ge=0, le=1000)

    provider_concurrency: int = Field(default=100, ge=1, le=1000)
    generations_a_minute: int = Field(default=60, ge=1)

    lease_s: float = Field(default=120, gt=0, le=600)
    submit_grace_s: float = Field(default=180, gt=0, le=600)
    poll_s: float = Field(default=2, gt=0, le=60)
    sweep_s: float = Field(default=2, gt=0, le=60)

    @classmethod
    def load(cls) -> Self:
        """Read the environment and the instance's own files. Raises `Misconfigured`."""
        own = Path(".env")
        try:
            first = _First(_env_file=own)  # type: ignore[call-arg]  # pydantic's own keyword
            files: tuple[Path, ...] = (own,)
            if first.fluxgen_env != "production":  # there no key is ever made up
                files = (_kept_keys(first.instance_dir), first.instance_dir / "run.env", own)
            return cls(_env_file=files)  # type: ignore[call-arg]
        except ValidationError as wrong:
            raise Misconfigured(_in_words(wrong)) from None

    @model_validator(mode="after")
    def _refuses_to_pretend_in_production(self) -> Self:
        if self.is_production and (missing := production.lacking(self)):
            raise ValueError(f"production needs {', '.join(missing)}")
        return self

    @property
    def is_production(self) -> bool:
        return self.fluxgen_env == "production"

    @cached_property
    def origin(self) -> str:
        """The one origin our pages have and our writes come from, without a trailing slash."""
        parts = urlsplit(self.public_url or f"http://localhost:{self.port}")
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def cookie_name(self) -> str:
        """`__Host-` binds the cookie to this host and to https (RFC 6265bis, 4.1.3.2)."""
        return "__Host-fluxgen" if self.is_https else "fluxgen"

    @property
    def sandboxes(self) -> list[str]:
        """The providers that are pretended, as people know them."""
        pretended = [
            ("Google", self.google_client_id),
            ("Replicate", self.replicate_api_token),
            ("Stripe", self.stripe_secret_key),
        ]
        return [name for name, key in pretended if not key]

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance_dir.resolve() / 'fluxgen.db'}"

    @property
    def google_metadata(self) -> str:
        if self.google_metadata_url or self.google_client_id:
            return self.google_metadata_url or GOOGLE_METADATA_URL
        return f"{self.sandbox_url}/google/.well-known/openid-configuration"

    @property
    def replicate_api(self) -> str:
        if self.replicate_base_url or self.replicate_api_token:
            return self.replicate_base_url or REPLICATE_BASE_URL
        return f"{self.sandbox_url}/replicate"

    @property
    def stripe_api(self) -> str:
        """Where Stripe's API answers, or nothing for the SDK's own address."""
        if self.stripe_api_base or self.stripe_secret_key:
            return self.stripe_api_base
        return f"{self.sandbox_url}/stripe"

    @property
    def checkout_origin(self) -> str:
        """The origin of Stripe's payment page: a form of ours may lead there."""
        if self.stripe_secret_key:
            return CHECKOUT_ORIGIN
        parts = urlsplit(self.sandbox_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def webhook_secret(self) -> str:
        return self.replicate_webhook_secret or production.SANDBOX_WEBHOOK_SECRET

    @property
    def picture_origin(self) -> str:
        """The bucket's origin, when pictures are served from one."""
        if not self.r2_bucket:
            return ""
        account = f"https://{self.r2_account_id}.r2.cloudflarestorage.com"
        parts = urlsplit(self.r2_endpoint_url or account)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def egress(self) -> dict[str, str]:
        """Whom this process speaks to outside, and at which hosts, with commas between them."""
        addresses = {
            "google": ",".join([urlsplit(self.google_metadata).netloc, *self.picture_hosts]),
            "replicate": ",".join([urlsplit(self.replicate_api).netloc, *self.output_hosts]),
            "stripe": urlsplit(self.stripe_api or STRIPE_API_BASE).netloc,
            "cloudflare": urlsplit(self.picture_origin).netloc,
            "mail": urlsplit(self.smtp_url).hostname or "",
        }
        return {who: hosts for who, hosts in addresses.items() if hosts}

    @property
    def receivers(self) -> list[str]:
        """Who receives something as this process is set: whom it speaks to, and who counts."""
        return [*self.egress, *(["vercel"] if self.analytics == "vercel" else [])]

    @property
    def processor_list(self) -> list[str]:
        """Whom the privacy page names: as set, else whom the keys of this process lead to."""
        named = [entry.strip() for entry in self.processors.split(",") if entry.strip()]
        found = {who: who for who in self.receivers}
        if "mail" in found:
            found["mail"] = f"mail={self.egress['mail']}"
        return named or list(found.values())

    @property
    def sender(self) -> str:
        """Whom our mails come from."""
        return self.mail_from or "FluxGen <mail@fluxgen.invalid>"

    @property
    def output_hosts(self) -> tuple[str, ...]:
        """Hosts from which a finished picture may be fetched; `*.` stands for any subdomain."""
        return self._hosts(
            self.replicate_output_hosts, self.replicate_api_token, REPLICATE_OUTPUT_HOSTS
        )

    @property
    def picture_hosts(self) -> tuple[str, ...]:
        """Hosts from which a profile picture may be fetched."""
        return self._hosts(self.google_picture_hosts, self.google_client_id, GOOGLE_PICTURE_HOSTS)

    def _hosts(self, given: str, key: str, real: str) -> tuple[str, ...]:
        words = given or (real if key else urlsplit(self.sandbox_url).netloc)
        return tuple(host.strip() for host in words.split(",") if host.strip())

    @property
    def grant_at_sign_up(self) -> int:
        """Credits a new account starts with: 100 where the pictures are pretended, else as set."""
        return self.welcome_credits or (0 if self.replicate_api_token else 100)


def _kept_keys(instance: Path) -> Path:
    """The file of this instance's own secrets, made on first use (mode 0600)."""
    path = instance / "keys.env"
    if not path.exists():
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = instance / f"keys.{secrets.token_hex(4)}"
        lines = [f"{name}={secrets.token_urlsafe(32)}" for name in ("SECRET_KEY", "IDENTITY_KEY")]
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
        try:
            os.link(draft, path)  # fails when another process was first, whose keys then stand
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path


def _in_words(wrong: ValidationError) -> str:
    """Each mistake on a line, named as the operator knows it; no value is repeated."""
    lines = []
    for error in wrong.errors():
        name = ".".join(str(part) for part in error["loc"]).upper()
        words = error["msg"].removeprefix("Value error, ")
        lines.append(f"{name}: {words}" if name else words)
    return "; ".join(lines)


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Make these the settings of this process."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings of this process; `create_app` has set them."""
    if _current is None:
        raise Misconfigured("No settings yet: call create_app() first.")
    return _current
