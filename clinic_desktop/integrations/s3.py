"""A bucket of an S3-compatible storage as a place for backups."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from clinic_desktop.errors import ClinicError, SetupError, UnreachableError
from clinic_desktop.i18n import _
from clinic_desktop.integrations.stored import Stored, taken

# What may leave our hands for longer than ten years is for the clinic to say in the bucket itself.
LOCK_DAYS: Final = 365
PART_BYTES: Final = 16 << 20
# The calls at whose end an object has its name.
_ENDS: Final = tuple(
    f"provide-client-params.s3.{call}" for call in ("PutObject", "CompleteMultipartUpload")
)


def _only_new(params: dict[str, Any], **_more: Any) -> None:
    params["IfNoneMatch"] = "*"


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", "?"))


@dataclass(frozen=True)
class S3Store:
    """``endpoint`` is empty for Amazon's own; ``keeps`` asks for an object lock where offered."""

    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    endpoint: str = ""
    region: str = "us-east-1"
    prefix: str = ""
    keeps: bool = False

    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint or None,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(connect_timeout=10, read_timeout=60, retries={"max_attempts": 3}),
        )

    @contextmanager
    def _speaking(self) -> Iterator[Any]:
        """Yield a client; what the storage refuses becomes a sentence."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        client = self._client()
        try:
            yield client
        except ClientError as error:
            raise self._refused(_code(error)) from error
        except (BotoCoreError, Boto3Error) as error:
            raise UnreachableError(
                _("The storage {name} does not answer ({reason}). It is tried again.").format(
                    name=self.bucket, reason=type(error).__name__
                )
            ) from error
        finally:
            client.close()

    def _refused(self, code: str) -> ClinicError:
        if code in {"404", "NoSuchBucket", "NoSuchKey"}:
            return SetupError(
                _("The storage has no {name} of this kind ({code}). Check bucket and name.").format(
                    name=self.bucket, code=code
                )
            )
        if code in {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}:
            return SetupError(
                _("The storage {name} refuses these keys ({code}). Enter them again.").format(
                    name=self.bucket, code=code
                )
            )
        return SetupError(
            _("The storage {name} refused ({code}).").format(name=self.bucket, code=code)
        )

    def choose(self) -> None:
        """Make sure that the bucket takes what we send."""
        self.check()

    def check(self) -> None:
        """Write and read a small object; it stays where nothing is removed."""
        key = f"{self.prefix}trial" + (f"-{uuid.uuid4().hex[:12]}" if self.keeps else "")
        with self._speaking() as client:
            client.put_object(Bucket=self.bucket, Key=key, Body=b"trial")
            client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            if not self.keeps:
                client.delete_object(Bucket=self.bucket, Key=key)

    def put(self, source: Path, name: str) -> None:
        """Send the file in parts, each with its checksum; the storage compares and joins them."""
        with self._speaking() as client:
            if not self.keeps:
                self._send(client, source, name, {})
            elif not self._kept(client, source, name):
                self._send_once(client, source, name)

    def _send(self, client: Any, source: Path, name: str, more: dict[str, Any]) -> None:
        from boto3.s3.transfer import TransferConfig

        client.upload_file(
            str(source),
            self.bucket,
            self.prefix + name,
            ExtraArgs={"ChecksumAlgorithm": "SHA256", **more},
            Config=TransferConfig(
                multipart_threshold=PART_BYTES,
                multipart_chunksize=PART_BYTES,
                max_concurrency=2,
            ),
        )

    def _kept(self, client: Any, source: Path, name: str) -> bool:
        """Return whether the object is there; raises SetupError for another one of its name."""
        from botocore.exceptions import ClientError

        try:
            found = client.head_object(Bucket=self.bucket, Key=self.prefix + name)
        except ClientError as error:
            if _code(error) in {"404", "NoSuchKey"}:
                return False
            raise
        if found["ContentLength"] != source.stat().st_size:
            raise taken(self.bucket, name)
        return True

    def _send_once(self, client: Any, source: Path, name: str) -> None:
        """Send the file on the condition that nobody stored one of its name meanwhile."""
        from boto3.exceptions import S3UploadFailedError
        from botocore.exceptions import ClientError

        lock = self._lock(client)
        for call in _ENDS:
            client.meta.events.register_first(call, _only_new)
        try:
            self._send(client, source, name, lock)
        except (ClientError, S3UploadFailedError) as error:
            said = error.__context__ if isinstance(error, S3UploadFailedError) else error
            if not isinstance(said, ClientError):
                raise
            if _code(said) in {"PreconditionFailed", "412", "ConditionalRequestConflict"}:
                self._kept(client, source, name)
                return
            if _code(said) not in {"NotImplemented", "501"}:
                raise said from error
            # A storage that knows no conditions: that nothing was there has just been looked at.
            for call in _ENDS:
                client.meta.events.unregister(call, _only_new)
            self._send(client, source, name, lock)

    def _lock(self, client: Any) -> dict[str, Any]:
        """Return what locks an object, where the bucket can; not even its owner removes it then."""
        from botocore.exceptions import ClientError

        try:
            found = client.get_object_lock_configuration(Bucket=self.bucket)
        except ClientError:
            return {}
        if found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") != "Enabled":
            return {}
        now = datetime.fromtimestamp(time.time(), UTC)
        return {
            "ObjectLockMode": "COMPLIANCE",
            "ObjectLockRetainUntilDate": now + timedelta(days=LOCK_DAYS),
        }

    def names(self) -> list[Stored]:
        """Return the objects below the prefix."""
        with self._speaking() as client:
            pages = client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix
            )
            return [
                Stored(one["Key"].removeprefix(self.prefix), one["Size"])
                for page in pages
                for one in page.get("Contents", [])
            ]

    def get(self, name: str, target: Path) -> None:
        """Bring an object to a path."""
        with self._speaking() as client:
            client.download_file(self.bucket, self.prefix + name, str(target))

    def remove(self, name: str) -> None:
        """Remove an object; refused where everything is kept."""
        if self.keeps:
            raise RuntimeError("nothing is removed from a place that only grows")
        with self._speaking() as client:
            client.delete_object(Bucket=self.bucket, Key=self.prefix + name)
