"""Mail with STARTTLS and password: nothing secret leaves without proof of who asks."""

# aiosmtpd has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownArgumentType=false

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from vigie.errors import VigieError
from vigie.phone.gateways import GatewayUnavailable
from vigie.phone.smtp import SmtpGateway

from .mail_server import MESSAGE, Server, account, serving


@dataclass
class Certificate:
    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A server for 127.0.0.1, and a client that trusts it."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    day = timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - day)
        .not_valid_after(datetime.now(UTC) + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file: Path = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return Certificate(server, ssl.create_default_context(cafile=str(file)))


def check_password(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
    good = data.login == b"claire" and data.password == b"s3cret"
    return AuthResult(success=good, handled=good)


def log_in(
    certificate: Certificate,
    password: str,
    trusted: bool = True,
    act: Callable[[SmtpGateway], Awaitable[object]] = lambda gateway: gateway.send(MESSAGE),
) -> Server:
    server = Server()

    async def story() -> None:
        tls = {"tls_context": certificate.server, "require_starttls": True}
        login = {"authenticator": check_password, "auth_required": True}
        async with serving(server, **tls, **login) as port:
            with_login = replace(
                account(port, starttls=True), user="claire", password_env="MAIL_PASSWORD"
            )
            gateway = SmtpGateway(
                with_login,
                {"MAIL_PASSWORD": password},
                certificate.client if trusted else None,
            )
            await act(gateway)

    asyncio.run(story())
    return server


def test_with_starttls_and_password(certificate: Certificate) -> None:
    assert len(log_in(certificate, "s3cret").mails) == 1


def test_a_wrong_password_is_trouble_with_the_account_and_not_the_end_of_the_mail(
    certificate: Certificate,
) -> None:
    with pytest.raises(GatewayUnavailable, match="refuses the login: 535") as caught:
        log_in(certificate, "wrong")
    assert not caught.value.perhaps_sent


@pytest.mark.parametrize(("password", "trouble"), [("s3cret", None), ("wrong", "login: 535")])
def test_the_login_can_be_checked_without_a_mail(
    certificate: Certificate, password: str, trouble: str | None
) -> None:
    found: list[str | None] = []

    async def check(gateway: SmtpGateway) -> None:
        found.append(await gateway.check())

    assert log_in(certificate, password, act=check).mails == []
    assert found == [None] if trouble is None else trouble in (found[0] or "")


def test_a_server_that_is_encrypted_from_the_first_byte(certificate: Certificate) -> None:
    server = Server()

    async def story() -> None:
        login = {"authenticator": check_password, "auth_require_tls": False}
        async with serving(server, certificate.server, **login) as port:
            with_login = replace(
                account(port), user="claire", password_env="MAIL_PASSWORD", tls_at_once=True
            )
            gateway = SmtpGateway(with_login, {"MAIL_PASSWORD": "s3cret"}, certificate.client)
            await gateway.send(MESSAGE)

    asyncio.run(story())
    assert len(server.mails) == 1


def test_a_server_that_cannot_prove_who_it_is_gets_no_password(certificate: Certificate) -> None:
    with pytest.raises(GatewayUnavailable, match=r"(?i)certificate"):
        log_in(certificate, "s3cret", trusted=False)


def test_a_server_without_starttls_gets_no_mail() -> None:
    server = Server()

    async def story() -> None:
        async with serving(server) as port:
            await SmtpGateway(account(port, starttls=True)).send(MESSAGE)

    with pytest.raises(GatewayUnavailable, match="STARTTLS"):
        asyncio.run(story())
    assert server.mails == []


def test_a_missing_password_is_found_at_the_start() -> None:
    with_login = replace(account(587), user="claire", password_env="MAIL_PASSWORD")
    environments: list[dict[str, str]] = [{}, {"MAIL_PASSWORD": ""}]
    for environment in environments:
        with pytest.raises(VigieError, match="has no MAIL_PASSWORD") as caught:
            SmtpGateway(with_login, environment)
        assert "export MAIL_PASSWORD=" in caught.value.hint
