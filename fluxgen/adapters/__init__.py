"""The outside world. Each adapter speaks our words above and a vendor's below."""

from __future__ import annotations

from dataclasses import dataclass

from fluxgen.adapters.download import Downloads
from fluxgen.adapters.identity import GoogleIdentity
from fluxgen.adapters.image_models import ReplicateModels
from fluxgen.adapters.images import Images, ReplicateImages
from fluxgen.adapters.mail import Mail, SandboxMail, SmtpMail
from fluxgen.adapters.own_pages import OwnPages
from fluxgen.adapters.payments import Payments
from fluxgen.adapters.reference_files import ReferenceFiles
from fluxgen.adapters.storage import FolderStorage, R2Storage, Storage
from fluxgen.adapters.stripe_payments import StripePayments
from fluxgen.errors import Misconfigured
from fluxgen.production import SANDBOX_STRIPE_WEBHOOK_SECRET
from fluxgen.settings import Settings


@dataclass(frozen=True)
class Adapters:
    """All that one process needs of the outside world."""

    images: Images
    image_models: ReplicateModels
    reference_files: ReferenceFiles
    storage: Storage
    payments: Payments
    identity: GoogleIdentity
    outputs: Downloads
    portraits: Downloads
    mail: Mail
    own_pages: OwnPages


def connect(settings: Settings) -> Adapters:
    """The adapters that these settings ask for; nothing is called yet."""
    return Adapters(
        images=ReplicateImages(
            token=settings.replicate_api_token or "sandbox",
            base_url=settings.replicate_api,
            webhook_secret=settings.webhook_secret,
            webhooks_from=settings.origin,
            # Replicate refuses webhook addresses without TLS; its sandbox takes any.
            sends_webhooks=settings.is_https or not settings.replicate_api_token,
        ),
        image_models=ReplicateModels(
            token=settings.replicate_api_token or "sandbox", base_url=settings.replicate_api
        ),
        reference_files=ReferenceFiles(
            token=settings.replicate_api_token or "sandbox", base_url=settings.replicate_api
        ),
        storage=_storage(settings),
        payments=StripePayments(
            key=settings.stripe_secret_key or "sk_test_sandbox",
            webhook_secret=settings.stripe_webhook_secret or SANDBOX_STRIPE_WEBHOOK_SECRET,
            api_base=settings.stripe_api,
        ),
        identity=GoogleIdentity(
            client_id=settings.google_client_id or "sandbox",
            client_secret=settings.google_client_secret or "sandbox",
            metadata_url=settings.google_metadata,
        ),
        outputs=Downloads(
            settings.output_hosts, plain_http=not settings.replicate_api_token, max_bytes=41_943_040
        ),
        portraits=Downloads(
            settings.picture_hosts, plain_http=not settings.google_client_id, max_bytes=2_097_152
        ),
        mail=_mail(settings),
        own_pages=OwnPages(settings.origin),
    )


def _mail(settings: Settings) -> Mail:
    if settings.smtp_url:
        return SmtpMail(settings.smtp_url, settings.sender, lease_s=settings.lease_s)
    return SandboxMail(settings.sandbox_url, settings.sender)


def _storage(settings: Settings) -> Storage:
    if not settings.r2_bucket:
        return FolderStorage(settings.instance_dir / "storage")
    account = f"https://{settings.r2_account_id}.r2.cloudflarestorage.com"
    return R2Storage(
        endpoint_url=settings.r2_endpoint_url or account,
        access_key_id=settings.r2_access_key_id,
        secret_access_key=settings.r2_secret_access_key,
        bucket=settings.r2_bucket,
    )


_current: Adapters | None = None


def use(adapters: Adapters) -> None:
    """Make these the adapters of this process."""
    global _current
    _current = adapters


def current() -> Adapters:
    """The adapters of this process; `create_app` has set them."""
    if _current is None:
        raise Misconfigured("No adapters yet: call create_app() first.")
    return _current
