"""Security headers as readers get them: the published rules in a real nginx with TLS, judged by MDN and by Google."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sitekit.audit.model import Measure, at_least, at_most, could_not_run, none_of
from sitekit.audit.tools import NodeTools, ToolError
from sitekit.publish.edge import nginx
from sitekit.publish.rules import Rules, load_rules

OBSERVATORY_LIMIT = 125
_SEVERE = ("HIGH", "HIGH_MAYBE", "MEDIUM", "SYNTAX")
_HOST = "localhost"
_PORTS = (80, 443)
"""The Observatory asks for these two and no others."""
_SAMPLES = ("/", "/search/", "/missing/", "/favicon.ico", "/feeds/all.atom.xml", "/sitemap.xml", "/robots.txt")


def check_headers(folder: Path, tools: NodeTools, nginx_command: str) -> list[Measure]:
    """The Observatory's score, the evaluator's findings for each policy, and headers that are missing from any response."""
    rules = load_rules()
    try:
        with _tls_server(folder, rules, nginx_command) as authority:
            policies = [rules.policy("/"), *(rules.policy(path) for path, _ in rules.csp_below)]
            done = tools.run("headers.mjs", _HOST, *policies, timeout=120, NODE_EXTRA_CA_CERTS=str(authority))
            assets = [f"/assets/{file.name}" for file in sorted((folder / "assets").iterdir())][:3]
            missing = _missing_headers([*_SAMPLES, *assets], rules, authority)
    except (OSError, ToolError, subprocess.SubprocessError) as error:
        return [could_not_run("Security headers", str(error))]
    try:
        result = json.loads(done.stdout)
    except ValueError:
        return [could_not_run("Security headers", (done.stderr or done.stdout)[-800:])]
    measures = [at_least("MDN Observatory", "", result["score"], "points", OBSERVATORY_LIMIT, result["failed"])]
    for path, findings in zip(["/", *(path for path, _ in rules.csp_below)], result["findings"], strict=True):
        severe, other = [], []
        for one in findings:
            text = f"{one['severity']}: {one['directive']} {one.get('value') or ''}: {one['description']}"
            (severe if one["severity"] in _SEVERE else other).append(text)
        measures.append(none_of("csp_evaluator, high and medium severity", path, severe))
        measures.append(at_most("csp_evaluator, weaker findings", path, len(other), "findings", None, other))
    return [*measures, none_of("Security headers with every response", "", missing)]


@contextmanager
def _tls_server(folder: Path, rules: Rules, command: str) -> Iterator[Path]:
    """nginx on the ports of the web with a certificate of its own. Yields the certificate to trust."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    place = Path(tempfile.mkdtemp(prefix="headers-"))
    try:
        certificate, key = _certificate(place)
        for path, name in (
            ("/", "headers.conf"),
            *((path, f"headers-{path.strip('/')}.conf") for path, _ in rules.csp_below),
        ):
            (place / name).write_text(nginx.headers(rules, path), encoding="utf-8")
        (place / "site.conf").write_text(nginx.site(rules, []), encoding="utf-8")
        values = {"place": place, "folder": folder.resolve(), "certificate": certificate, "key": key}
        # Started by root, nginx would read the site as somebody who may not enter a temporary folder.
        user = "user root;" if os.geteuid() == 0 else ""
        (place / "nginx.conf").write_text(_CONFIGURATION.format(user=user, **values), encoding="utf-8")
        arguments = [command, "-p", str(place), "-c", str(place / "nginx.conf"), "-e", str(place / "error.log")]
        tested = subprocess.run([*arguments, "-t"], capture_output=True, text=True, timeout=30)
        if tested.returncode:
            raise ToolError(f"nginx refuses the published rules: {tested.stderr.strip()}")
        server = subprocess.Popen(
            [*arguments, "-g", "daemon off;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait_for(_PORTS[1])
            yield certificate
        finally:
            server.terminate()
            server.wait(timeout=15)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _certificate(place: Path) -> tuple[Path, Path]:
    certificate, key = place / "certificate.pem", place / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    command += ["-subj", f"/CN={_HOST}", "-addext", f"subjectAltName=DNS:{_HOST},IP:127.0.0.1"]
    done = subprocess.run([*command, "-keyout", key, "-out", certificate], capture_output=True, text=True, timeout=30)
    if done.returncode:
        raise ToolError(f"openssl made no certificate: {done.stderr.strip()[-300:]}")
    return certificate, key


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise ToolError(f"nginx does not answer on port {port}")


def _missing_headers(paths: list[str], rules: Rules, authority: Path) -> list[str]:
    context = ssl.create_default_context(cafile=str(authority))
    faults = []
    for path in paths:
        try:
            answer = urllib.request.urlopen(f"https://{_HOST}{path}", context=context, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            for name, value in rules.response_headers(path).items():
                if answer.headers.get_all(name) != [value]:
                    faults.append(f"{path}: {name} is {answer.headers.get_all(name)}")
    return faults


_CONFIGURATION = """\
{user}
worker_processes 1;
pid {place}/nginx.pid;
error_log {place}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    server_tokens off;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    server {{
        listen 127.0.0.1:80;
        server_name localhost;
        include headers.conf;
        return 301 https://$host$request_uri;
    }}
    server {{
        listen 127.0.0.1:443 ssl http2;
        server_name localhost;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        root {folder};
        include site.conf;
    }}
}}
"""
