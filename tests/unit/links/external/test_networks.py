"""Which networks are never contacted, and what comes of bad certificates."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Callable
from ipaddress import ip_address

import pytest
import trustme

from sitekit.links.external.addresses import not_public
from sitekit.links.external.network import GuardedBackend, NotPublic, UnknownName, resolve
from sitekit.links.external.run import run_to_end

from .conftest import Outside
from .server import answer, redirect

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.9.9.9",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%1",
    "fec0::1",
    "ff02::1",
    "localhost",
    "",
    "1.2.3",
    "0x7f.1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
]
PUBLIC += ["2606:4700::1111", "2001:4860:4860::8888", "2003::1", "2a00::1", "3ffe::1"]


def test_only_public_addresses_are_public() -> None:
    assert [address for address in PRIVATE if not not_public(address)] == []
    assert [address for address in PUBLIC if not_public(address)] == []


def test_nothing_that_python_calls_other_than_global_is_public() -> None:
    for address in PUBLIC:
        assert ip_address(address).is_global
    for first in range(256):
        for rest in ("0.0.0", "0.0.1", "64.0.1", "168.1.1", "254.1.1", "255.255.255"):
            address = f"{first}.{rest}"
            assert not_public(address) or (ip_address(address).is_global and not ip_address(address).is_multicast)


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[fd00::1]", "[::ffff:10.0.0.1]", "2130706433.0x7f"])
def test_an_address_that_readers_cannot_reach_is_broken_at_once_and_never_asked(outside: Outside, host: str) -> None:
    url = f"http://{host}/latest/meta-data/"
    outside.page("a.test/x")
    code = outside.code(url)
    assert code in ("private-address", "")  # the last is no host at all, which the check of the site itself reports
    assert outside.internet.reached == []
    assert bool(code) == (not host.startswith("2130706433"))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "fe80::1%lo"])
def test_a_name_that_leads_to_a_private_network_is_not_followed(outside: Outside, address: str) -> None:
    outside.internet.host("inside.test", address, http=outside.port)
    outside.server.pages["inside.test/"] = answer()
    found = outside.ask("http://inside.test/")
    assert found["http://inside.test/"].code == "unknown-target"
    assert "Not asked: inside.test is " in found["http://inside.test/"].message
    assert outside.internet.reached == []


def test_one_private_address_among_public_ones_is_enough(outside: Outside) -> None:
    outside.internet.host("mixed.test", "1.1.1.9", "192.168.0.1", http=outside.port)
    assert outside.code("http://mixed.test/") == "unknown-target"
    assert outside.internet.reached == []


@pytest.mark.parametrize("target", ["http://127.0.0.1/", "http://[::1]:8080/", "http://0x7f.1/", "http://inside.test/"])
def test_a_redirect_into_a_private_network_is_not_followed(outside: Outside, target: str) -> None:
    outside.internet.host("inside.test", "10.0.0.1", http=outside.port)
    url = outside.page("a.test/x", redirect(target))
    assert "Not asked:" in outside.message(url)
    assert set(outside.internet.reached) == {"1.1.1.2"}


def test_a_name_that_changes_its_answer_is_judged_and_contacted_by_the_same_answer(outside: Outside) -> None:
    """DNS rebinding: a public address while it is judged, a private one when it is contacted."""
    outside.internet.host("rebind.test", "1.1.1.9", "10.0.0.1", http=outside.port)
    outside.server.pages["rebind.test/a"] = answer(404, connection="close")
    outside.internet.names["rebind.test"] = [["1.1.1.9"], ["10.0.0.1"]]
    found = outside.ask("http://rebind.test/a")
    assert outside.internet.reached == [
        "1.1.1.9"
    ]  # HEAD went to what was judged; GET judged the new answer, and did not go
    assert (
        outside.internet.looked_up == ["rebind.test", "rebind.test", "rebind.test"][: len(outside.internet.looked_up)]
    )
    assert len(outside.internet.looked_up) >= 2
    assert "Not asked: rebind.test is 10.0.0.1, which is private." in found["http://rebind.test/a"].message


def test_the_request_names_the_host_while_the_connection_goes_to_the_address(outside: Outside) -> None:
    outside.ask(outside.page("a.test/x"))
    assert outside.internet.reached == ["1.1.1.2"]
    assert outside.server.log[0].headers["host"] == "a.test"


def test_further_addresses_are_tried_when_the_first_does_not_answer(outside: Outside) -> None:
    addresses = ["2a00::1", "2a00::2", "2a00::3", "2a00::4", "1.1.3.2", "1.1.3.3"]
    outside.internet.names["two.test"] = [addresses]
    outside.internet.ports["1.1.3.3", 80] = outside.port
    outside.server.pages["two.test/"] = answer()
    assert outside.code("http://two.test/") == ""
    assert outside.internet.reached == ["2a00::1", "1.1.3.2", "2a00::2", "1.1.3.3"]


def test_private_addresses_are_contacted_when_told(outside: Outside) -> None:
    outside.internet.ports["127.0.0.1", outside.port] = outside.port
    outside.server.pages[f"127.0.0.1:{outside.port}/gone"] = answer(410)
    outside.internet.host("inside.test", "10.0.0.1", http=outside.port)
    outside.server.pages["inside.test/"] = answer()
    found = outside.ask("http://inside.test/", f"http://127.0.0.1:{outside.port}/gone", allow_private=True)
    assert [finding.url for finding in found.values()] == [f"http://127.0.0.1:{outside.port}/gone"]
    assert set(outside.internet.reached) == {"10.0.0.1", "127.0.0.1"}


def test_an_address_with_a_password_in_it_is_reported_and_not_used(outside: Outside) -> None:
    outside.page("a.test/x")
    found = outside.ask("http://user:secret@a.test/x")
    assert "user name or a password" in found["http://user:secret@a.test/x"].message
    assert outside.server.log == []
    assert set(outside.ask("http://user:secret@a.test/x", "http://a.test/x")) == {"http://user:secret@a.test/x"}
    assert [request.headers.get("authorization") for request in outside.server.log] == [None]


Certificate = Callable[..., ssl.SSLContext]


def test_good_tls(outside: Outside, certificate: Certificate) -> None:
    assert outside.code(outside.secure("good.test", certificate("good.test"))) == ""
    assert outside.server.log[0].headers["host"] == "good.test"


def test_http_2_is_spoken_where_the_server_speaks_it(outside: Outside, certificate: Certificate) -> None:
    url = outside.secure("two.test", certificate("two.test", http2=True))
    assert outside.code(f"{url}#here") == ""
    assert [request.method for request in outside.server.log] == ["h2 GET"]


def test_http_2_that_is_broken_off_says_nothing_about_the_page(outside: Outside, certificate: Certificate) -> None:
    url = outside.secure("two.test", certificate("two.test", http2=True))
    for _ in range(4):
        for path in ("reset", "away"):
            finding = outside.ask(f"{url}{path}")[f"{url}{path}"]
            assert (finding.code, finding.message) == ("unknown-target", "The server breaks off its answer.")
        outside.clock.days(10)
    assert outside.code(f"{url}#here") == ""


def test_certificates_that_stop_a_browser(outside: Outside, certificate: Certificate) -> None:
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    expired = outside.secure("old.test", certificate("old.test", not_after=yesterday))
    other = outside.secure("wrong.test", certificate("right.test"))
    itself = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger = trustme.CA()
    with stranger.private_key_pem.tempfile() as key, stranger.cert_pem.tempfile() as cert:
        itself.load_cert_chain(cert, key)
    alone = outside.secure("alone.test", itself)
    found = outside.ask(expired, other, alone)
    assert {finding.code for finding in found.values()} == {"external-failing"}
    assert "The certificate of the server has expired." in found[expired].message
    assert "is for another name (Hostname mismatch" in found[other].message
    assert "signed by itself" in found[alone].message
    assert outside.server.log == []


def test_a_certificate_that_only_this_machine_cannot_judge(outside: Outside) -> None:
    unknown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("far.test").configure_cert(unknown)
    finding = outside.ask(outside.secure("far.test", unknown))["https://far.test/"]
    assert finding.code == "unknown-target"
    assert "cannot be judged from here" in finding.message


def test_a_server_that_does_not_speak_tls_at_all(outside: Outside) -> None:
    outside.internet.host("plain.test", "1.1.1.9", https=outside.port)
    assert outside.code("https://plain.test/", attempts=1, request_seconds=0.2) == "unknown-target"


def test_the_resolver_of_the_system_is_asked_and_its_answer_judged() -> None:
    assert {"127.0.0.1", "::1"} & set(run_to_end(resolve("localhost", 80)))
    with pytest.raises(NotPublic, match=r"localhost is .*, which is loopback"):
        run_to_end(GuardedBackend(False).connect_tcp("localhost", 80))


@pytest.mark.parametrize("name", ["a..test", "x" * 64 + ".test", ""])
def test_what_is_no_name_at_all_does_not_exist(name: str) -> None:
    with pytest.raises(UnknownName):
        run_to_end(GuardedBackend(False).connect_tcp(name or ".", 80))


def test_a_name_without_addresses_does_not_exist(outside: Outside) -> None:
    outside.internet.names["empty.test"] = [[]]
    assert "the name empty.test has no address" in outside.message("http://empty.test/")


def test_a_resolver_that_does_not_answer_costs_a_limited_time(outside: Outside) -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    with pytest.raises(UnknownName) as raised:
        run_to_end(GuardedBackend(False, never).connect_tcp("a.test", 80, timeout=0.05))
    assert not raised.value.final


def test_no_proxy_is_taken_from_the_environment(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert outside.code(outside.page("a.test/x")) == ""
    assert outside.internet.reached == ["1.1.1.2"]


def test_no_connection_by_a_socket_of_this_machine() -> None:
    with pytest.raises(NotPublic):
        run_to_end(GuardedBackend(False).connect_unix_socket("/run/x.sock"))


def test_the_check_runs_where_a_loop_runs_already() -> None:
    async def notebook() -> dict[str, float] | set[str]:
        return set(run_to_end(resolve("localhost", 80)))

    assert {"127.0.0.1", "::1"} & run_to_end(notebook())
