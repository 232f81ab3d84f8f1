"""What production refuses to start with, and what it starts with but warns of."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxgen.settings import Settings

NEEDED = (
    "secret_key",
    "identity_key",
    "public_url",
    "database_url",
    "google_client_id",
    "google_client_secret",
    "replicate_api_token",
    "replicate_webhook_secret",
    "stripe_secret_key",
    "stripe_webhook_secret",
    "smtp_url",
    "mail_from",
    "support_email",
    "controller",
    "processors",
)
NEEDED_FOR_R2 = ("r2_access_key_id", "r2_secret_access_key")
OUR_KEYS = ("secret_key", "identity_key", "metrics_token")
ADDRESSES = ("mail_from", "support_email")
KEY_MIN = 32
"""Characters: 16 random bytes in hexadecimal."""
SANDBOX_WEBHOOK_SECRET = "whsec_Zmx1eGdlbiBzYW5kYm94OiBrbm93biB0byBhbGw="
SANDBOX_STRIPE_WEBHOOK_SECRET = "whsec_sandbox_known_to_everybody_and_protecting_nothing"
LIVE_STRIPE_KEYS = ("sk_live_", "rk_live_")


def lacking(settings: Settings) -> list[str]:
    """What has to be set, or set otherwise, as it follows the words "production needs"."""
    needed = NEEDED + (NEEDED_FOR_R2 if settings.r2_bucket else ())
    missing = [name.upper() for name in needed if not getattr(settings, name)]
    if settings.r2_bucket and not (settings.r2_account_id or settings.r2_endpoint_url):
        missing.append("R2_ACCOUNT_ID")
    for name in OUR_KEYS:
        if 0 < len(getattr(settings, name)) < KEY_MIN:
            missing.append(f"a random {name.upper()} of at least {KEY_MIN} characters")
    for name in ADDRESSES:
        if (words := getattr(settings, name)) and "@" not in parseaddr(words)[1]:
            missing.append(f"a {name.upper()} with a mail address")
    if settings.public_url and not settings.public_url.startswith("https://"):
        missing.append("a PUBLIC_URL that starts with https://")
    if settings.replicate_webhook_secret == SANDBOX_WEBHOOK_SECRET:
        missing.append("a REPLICATE_WEBHOOK_SECRET that is not the sandbox's")
    if settings.stripe_secret_key and not settings.stripe_secret_key.startswith(LIVE_STRIPE_KEYS):
        missing.append("a STRIPE_SECRET_KEY that begins with sk_live_ or rk_live_")
    if settings.stripe_webhook_secret == SANDBOX_STRIPE_WEBHOOK_SECRET:
        missing.append("a STRIPE_WEBHOOK_SECRET that is not the sandbox's")
    if settings.sandbox_url:
        missing.append("no SANDBOX_URL")
    named = {entry.partition("=")[0].strip() for entry in settings.processor_list}
    missing += [f"{who} in PROCESSORS" for who in settings.receivers if who not in named]
    return missing


def warnings(settings: Settings) -> list[str]:
    """What is allowed, and is lost with this one machine's disk."""
    said = []
    if not settings.r2_bucket:
        where = settings.instance_dir / "storage"
        said.append(f"no R2_BUCKET: pictures are kept in {where}, on this disk alone")
    if settings.database.startswith("sqlite:"):
        said.append("DATABASE_URL is SQLite: everything is kept on this disk alone")
    return said
