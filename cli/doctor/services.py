"""The four services over gRPC, and ingress' two doors over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets

import grpc
import httpx2
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from chassis.errors import RemoteError, ServiceError
from chassis.settings import SettingsProblems
from cli.doctor.finding import Finding, fail, ok
from cli.peers import AI, INGRESS, NOTIFIER, SCHEDULER, peer_at

_SECONDS = 3.0
_SERVICES = {
    "ingress": (INGRESS, "hark.ingress.v1.IngressService"),
    "ai": (AI, "hark.ai.v1.AiService"),
    "scheduler": (SCHEDULER, "hark.scheduler.v1.SchedulerService"),
    "notifier": (NOTIFIER, "hark.notifier.v1.NotifierService"),
}
_PROBE = (
    b'{"object":"whatsapp_business_account","entry":[{"id":"0","time":0,"changes":'
    b'[{"field":"hark_doctor","value":{"says":"is anybody there?"}}]}]}'
)


async def check_services() -> list[Finding]:
    """Whether each one answers, and takes calls."""
    return list(await asyncio.gather(*(_service(name) for name in _SERVICES)))


async def _service(name: str) -> Finding:
    address, service = _SERVICES[name]
    variable, check = address[0], f"service {name}"
    try:
        peer = peer_at(address)
    except (SettingsProblems, OSError, ValueError) as error:
        return fail(check, f"the TLS settings are wrong: {error}", "Correct HARK_TLS_*.")
    try:
        stub = HealthStub(peer.channel)
        answer = await peer.call(stub.Check, HealthCheckRequest(service=service), timeout=_SECONDS)
    except (ServiceError, RemoteError, grpc.RpcError) as error:
        reason = getattr(error, "remote_reason", type(error).__name__)
        return fail(
            check,
            f"{peer.address} does not answer ({reason})",
            f"Is it running? Look at its log, or set {variable}.",
        )
    finally:
        await peer.close()
    if answer.status != HealthCheckResponse.SERVING:
        return fail(check, f"{peer.address} answers, and takes no calls", "Look at its log.")
    return ok(check, f"{peer.address} takes calls")


async def check_webhook(*, app_secret: str, verify_token: str) -> list[Finding]:
    """Whether ingress says the handshake, takes what is signed and nothing else.

    The signed body is a change of a field that nobody acts on; however often it is sent, it is
    stored once, and skipped.
    """
    address = os.environ.get("INGRESS_LISTEN") or "127.0.0.1:8080"
    url = f"http://{address}/webhook"
    try:
        async with httpx2.AsyncClient(timeout=_SECONDS) as client:
            return [
                await _handshake(client, url, verify_token),
                await _signature(client, url, app_secret),
            ]
    except httpx2.TransportError as error:
        return [
            fail(
                "webhook",
                f"{url} does not answer ({type(error).__name__})",
                "Is ingress running, and INGRESS_LISTEN right?",
            )
        ]


async def _handshake(client: httpx2.AsyncClient, url: str, verify_token: str) -> Finding:
    challenge = str(secrets.randbelow(10**9))
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": verify_token,
        "hub.challenge": challenge,
    }
    answer = await client.get(url, params=query)
    if answer.status_code == 200 and answer.text == challenge:
        return ok("webhook handshake", "ingress answers with the challenge")
    return fail(
        "webhook handshake",
        f"ingress answers {answer.status_code} to our own verify token",
        "Start ingress with the WHATSAPP_VERIFY_TOKEN of this environment.",
    )


async def _signature(client: httpx2.AsyncClient, url: str, app_secret: str) -> Finding:
    body = _PROBE
    good = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    taken = await _post(client, url, body, good)
    if taken != 200:
        return fail(
            "webhook signature",
            f"ingress answers {taken} to what our own secret signed",
            "Start ingress with the WHATSAPP_APP_SECRET of this environment.",
        )
    refused = await _post(client, url, body, "0" * 64)
    if refused not in {401, 403}:
        return fail(
            "webhook signature",
            f"ingress answers {refused} to a wrong signature",
            "Something in front of ingress answers in its place; look at the proxy.",
        )
    return ok("webhook signature", "what is signed is taken, everything else refused")


async def _post(client: httpx2.AsyncClient, url: str, body: bytes, digest: str) -> int:
    headers = {"x-hub-signature-256": f"sha256={digest}", "content-type": "application/json"}
    return (await client.post(url, content=body, headers=headers)).status_code
