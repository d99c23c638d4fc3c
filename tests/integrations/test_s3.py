"""A bucket as a place, against a storage on this computer."""

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from clinic_desktop.errors import SetupError, UnreachableError
from clinic_desktop.integrations.s3 import S3Store

# Their library asks for a time without zone.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def client(endpoint):
    made = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    yield made
    made.close()


def store(endpoint, bucket="clinic", **more) -> S3Store:
    return S3Store(
        bucket=bucket, access_key="a", secret_key="b", endpoint=endpoint, prefix="harbour/", **more
    )


class TestS3:
    def test_there_and_back(self, endpoint, client, tmp_path) -> None:
        client.create_bucket(Bucket="clinic")
        source = tmp_path / "source"
        source.write_bytes(b"sealed" * 4_000_000)  # two parts
        place = store(endpoint)
        place.choose()
        place.put(source, "one.age")
        assert [(one.name, one.size) for one in place.names()] == [("one.age", 24_000_000)]
        place.get("one.age", tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == source.read_bytes()
        place.remove("one.age")
        assert place.names() == []

    def test_copy_that_is_kept_is_locked(self, endpoint, client, tmp_path) -> None:
        client.create_bucket(Bucket="cold", ObjectLockEnabledForBucket=True)
        source = tmp_path / "source"
        source.write_bytes(b"sealed")
        place = store(endpoint, "cold", keeps=True)
        place.put(source, "one.age")
        found = client.head_object(Bucket="cold", Key="harbour/one.age")
        assert found["ObjectLockMode"] == "COMPLIANCE"
        with pytest.raises(ClientError, match="AccessDenied"):
            client.delete_object(Bucket="cold", Key="harbour/one.age", VersionId=found["VersionId"])

    @pytest.mark.parametrize("size", [1_000, 20_000_000])
    def test_copy_that_is_kept_is_never_another(self, endpoint, client, tmp_path, size) -> None:
        name = f"grows-{size}"
        client.create_bucket(Bucket=name)
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        source = tmp_path / "source"
        source.write_bytes(b"s" * size)
        place = store(endpoint, name, keeps=True)
        place.choose()
        place.choose()
        place.put(source, "one.age")
        place.put(source, "one.age")
        source.write_bytes(b"something else")
        with pytest.raises(SetupError, match="Nothing there is overwritten"):
            place.put(source, "one.age")
        with pytest.raises(RuntimeError, match="only grows"):
            place.remove("one.age")
        versions = client.list_object_versions(Bucket=name)
        keys = [one["Key"] for one in versions["Versions"]]
        assert keys.count("harbour/one.age") == 1
        assert len(keys) == len(set(keys)) == 3
        assert "DeleteMarkers" not in versions

    @pytest.mark.parametrize("size", [1_000, 20_000_000])
    def test_another_computer_is_first(self, endpoint, client, tmp_path, monkeypatch, size) -> None:
        """Its object appears between our look and the end of our sending."""
        name = f"race-{size}"
        client.create_bucket(Bucket=name)
        source = tmp_path / "source"
        source.write_bytes(b"s" * size)
        place = store(endpoint, name, keeps=True)
        sends = S3Store._send

        def late(self, *given) -> None:
            client.put_object(Bucket=name, Key="harbour/one.age", Body=b"of the other computer")
            sends(self, *given)

        monkeypatch.setattr(S3Store, "_send", late)
        with pytest.raises(SetupError, match="Nothing there is overwritten"):
            place.put(source, "one.age")
        found = client.get_object(Bucket=name, Key="harbour/one.age")
        assert found["Body"].read() == b"of the other computer"

    def test_what_is_wrong_is_said(self, endpoint, tmp_path) -> None:
        with pytest.raises(SetupError, match="Check bucket and name"):
            store(endpoint, "nowhere").names()
        with pytest.raises(UnreachableError, match="does not answer"):
            store("http://127.0.0.1:9", "clinic").names()

    def test_secret_is_not_shown(self, endpoint) -> None:
        assert "'b'" not in repr(store(endpoint))
