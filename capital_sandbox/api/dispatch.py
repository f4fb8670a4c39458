"""One request from the door to the answer: who is asking, may they, and what do they get."""

import json
from collections.abc import Mapping

from ..messages import Request, Response
from ..refusals import Refusal
from ..world import World
from . import routes
from .calls import Answer, Call

# As the real service sends them with every answer; of the policy only the name is known.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "Vary": "Origin",
    "X-Content-Type-Options": "nosniff",
    "X-XSS-Protection": "1; mode=block",
    "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "0",
    "X-Frame-Options": "DENY",
}


def dispatch(world: World, request: Request) -> tuple[Response, str | None]:
    """Answer a request; the second value is the error code of a refusal."""
    found = routes.find(request)
    if found is None:
        return _refused(Refusal(404, "error.not-found"), {}), "error.not-found"
    route, arguments = found
    call = Call(world, request, world.now(), arguments)
    try:
        _admit(call, route.needs)
        answer = route.handler(call)
    except Refusal as refusal:
        oddity = route.on_400 if refusal.status == 400 else None
        return _refused(refusal, _tokens(call) if oddity is None else oddity), refusal.code
    if not isinstance(answer, Answer):
        answer = Answer(answer)
    headers = {"Content-Type": f"{answer.content_type};charset=UTF-8", **_tokens(call), **answer.headers}
    return Response(200, _HEADERS | headers, _json(answer.model.to_dict())), None


def _admit(call: Call, needs: routes.Needs) -> None:
    """Check what the operation needs; a session's accounts are brought to the present."""
    if needs in (routes.Needs.API_KEY, routes.Needs.LOGIN):
        api_key = call.request.headers.get("x-cap-api-key")
        if not api_key:
            raise Refusal(400, "error.null.api.key")
        if api_key not in call.world.customers:
            raise Refusal(401, "error.invalid.api.key")
        if needs is routes.Needs.API_KEY:
            # A login has a limit of its own instead, one a second.
            call.world.limits.request(call.world.customers[api_key].client_id, call.now)
    elif needs is routes.Needs.SESSION:
        session = call.world.sessions.authenticate(call.request.headers, call.now)
        call.authenticated = session
        call.world.limits.request(session.customer.client_id, call.now)
        call.world.let_time_pass(session.customer)


def _tokens(call: Call) -> dict[str, str]:
    """The tokens as they are after the call: read again, for a switch changes one."""
    if call.authenticated is None:
        return {}
    return {
        "CST": call.authenticated.client_token,
        "X-SECURITY-TOKEN": call.authenticated.security_token,
    }


def _refused(refusal: Refusal, more: Mapping[str, str]) -> Response:
    headers = {**_HEADERS, "Content-Type": "application/json;charset=UTF-8", **more}
    return Response(refusal.status, headers, _json({"errorCode": refusal.code}))


def _json(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
