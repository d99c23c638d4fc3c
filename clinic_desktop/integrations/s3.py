"""A bucket of an S3-compatible storage as a place for backups."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from clinic_desktop.errors import ClinicError, SetupError, UnreachableError
from clinic_desktop.i18n import _
from clinic_desktop.integrations.stored import Stored

# What may leave our hands for longer than ten years is for the clinic to say in the bucket itself.
LOCK_DAYS: Final = 365
PART_BYTES: Final = 16 << 20


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
            raise self._refused(str(error.response.get("Error", {}).get("Code", "?"))) from error
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
        key = f"{self.prefix}trial"
        with self._speaking() as client:
            client.put_object(Bucket=self.bucket, Key=key, Body=b"trial")
            client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            if not self.keeps:
                client.delete_object(Bucket=self.bucket, Key=key)

    def put(self, source: Path, name: str) -> None:
        """Send the file in parts, each with its checksum; the storage compares and joins them."""
        from boto3.s3.transfer import TransferConfig

        with self._speaking() as client:
            extra: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"}
            if self.keeps:
                extra |= self._lock(client)
            client.upload_file(
                str(source),
                self.bucket,
                self.prefix + name,
                ExtraArgs=extra,
                Config=TransferConfig(
                    multipart_threshold=PART_BYTES,
                    multipart_chunksize=PART_BYTES,
                    max_concurrency=2,
                ),
            )

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
        """Remove an object."""
        with self._speaking() as client:
            client.delete_object(Bucket=self.bucket, Key=self.prefix + name)
