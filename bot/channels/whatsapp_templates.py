"""The templates that Tributa sends: how to create them, and whether those at Meta are as they must be."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.findings import Finding, bad, good
from bot.channels.whatsapp import CODE_TEMPLATE, LANGUAGE, NOTICE_TEMPLATE
from bot.channels.whatsapp_account import Graph
from bot.channels.whatsapp_avisos import news, utility

CODE_MINUTES = 10
# `{{1}}` and those after it are what Tributa sends. Meta writes the words of the first one itself.
TEMPLATES: dict[str, dict[str, Any]] = {
    CODE_TEMPLATE: {
        "name": CODE_TEMPLATE,
        "language": LANGUAGE,
        "category": "AUTHENTICATION",
        "components": [
            {"type": "BODY", "add_security_recommendation": True},
            {"type": "FOOTER", "code_expiration_minutes": CODE_MINUTES},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ],
    },
    NOTICE_TEMPLATE: utility(
        NOTICE_TEMPLATE,
        LANGUAGE,
        "Aviso de tu cuenta en Tributa: {{1}}\n\nPuedes responder a este mensaje.",
        ("Tu contraseña cambió.",),
    ),
    **news(LANGUAGE),
}
_FIELDS = "name,language,status,category,components,parameter_format,rejected_reason"
_VARIABLE = re.compile(r"\{\{\s*\w+\s*\}\}")
_WORD = re.compile(r"\w")
_CREATE = "Créala con tributa whatsapp templates --crear."
_CHANGE = (
    "Edítala en Administrador de WhatsApp > Plantillas como la muestra tributa whatsapp templates"
    " (si la borras, Meta no deja usar el mismo nombre por 30 días)."
)
_WAIT = "La revisión tarda de minutos a un día: repite este comando más tarde."
_STATES = {
    "PENDING": ("está en revisión", _WAIT),
    "IN_APPEAL": ("está en revisión tras una apelación", _WAIT),
    "REJECTED": ("fue rechazada", _CHANGE),
    "PAUSED": (
        "está en pausa por mala calidad",
        "Se reactiva sola en unas horas; mira en el Administrador de WhatsApp quiénes la reportaron.",
    ),
    "DISABLED": (
        "está desactivada",
        "Apela en Administrador de WhatsApp > Plantillas: mientras tanto no sale ningún mensaje con ella.",
    ),
    "PENDING_DELETION": ("se está borrando", _CREATE),
    "DELETED": ("fue borrada", _CREATE),
}


async def find(graph: Graph, waba_id: str, name: str) -> list[dict[str, Any]]:
    """The templates of exactly that name, one a language.

    Raises:
        GraphRefusalError, GraphAwayError
    """
    answer = await graph.get(waba_id, "message_templates", name=name, fields=_FIELDS, limit="100")
    data = answer.get("data")
    rows = data if isinstance(data, list) else []
    return [one for one in rows if isinstance(one, dict) and one.get("name") == name]


def judge(name: str, known: list[dict[str, Any]]) -> Finding:
    """Whether Tributa can send it."""
    what = f"Plantilla {name}"
    ours = next((one for one in known if one.get("language") == LANGUAGE), None)
    if ours is None:
        others = ", ".join(sorted(str(one.get("language")) for one in known))
        says = f"existe en {others} y no en {LANGUAGE}" if others else "no existe"
        return bad(what, says, _CREATE)
    wrong = list(_faults(ours, TEMPLATES[name]))
    if wrong:
        return bad(what, "; ".join(wrong), _CHANGE)
    status = str(ours.get("status") or "")
    if status == "APPROVED":
        return good(what, f"aprobada ({ours.get('category')}, {LANGUAGE})")
    says, remedy = _STATES.get(status, (f"está en estado {status or 'desconocido'}", _WAIT))
    reason = str(ours.get("rejected_reason") or "NONE")
    return bad(what, f"{says} ({reason})" if reason != "NONE" else says, remedy)


def _faults(template: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    category = wanted["category"]
    if template.get("category") != category:
        yield f"es de categoría {template.get('category')} y debe ser {category}"
    if template.get("parameter_format", "POSITIONAL") != "POSITIONAL":
        yield "sus variables tienen nombre y deben ser {{1}}, {{2}}…"
    buttons = _part(template, "BUTTONS").get("buttons") or []
    if category == "AUTHENTICATION":
        if not any(_copies_code(one) for one in buttons):
            yield "le falta el botón de copiar el código"
        return
    wanted_body, body = (str(_part(one, "BODY").get("text") or "") for one in (wanted, template))
    yield from _body_faults(body, len(_VARIABLE.findall(wanted_body)))
    if _VARIABLE.search(str(_part(template, "HEADER").get("text") or "")):
        yield "su encabezado no debe llevar variables"
    if any(_VARIABLE.search(str(one.get("url") or "")) for one in buttons):
        yield "sus botones no deben llevar variables"


def _body_faults(body: str, wanted: int) -> Iterator[str]:
    """Whether as many values fit it; Meta wants words of its own around each."""
    variables = _VARIABLE.findall(body)
    if len(variables) != wanted:
        yield f"su texto tiene {len(variables)} variables y debe tener {wanted if wanted > 1 else 'una'}"
    elif not (_WORD.search(body[: body.index("{{")]) and _WORD.search(body[body.rindex("}}") :])):
        yield "sus variables deben tener palabras fijas antes y después"


def _copies_code(button: Mapping[str, Any]) -> bool:
    """Meta turns the button into a link that names what it does."""
    kind = f"otp_type={button.get('otp_type')} {button.get('url')}"
    return "otp_type=copy_code" in kind.lower()


def _part(template: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    parts = template.get("components") or []
    return next((one for one in parts if str(one.get("type")).upper() == kind), {})
