"""The two changes that set a WhatsApp account up for Tributa."""

from bot.channels.findings import Finding, good
from bot.channels.whatsapp_account import (
    Graph,
    GraphAwayError,
    GraphRefusalError,
    WhatsAppAccount,
    away,
    refused,
)
from bot.channels.whatsapp_templates import TEMPLATES, find, judge


async def subscribe(account: WhatsAppAccount) -> list[Finding]:
    """Have the account's messages delivered to the token's application."""
    what = "Suscripción"
    async with Graph(account) as graph:
        try:
            await graph.post(account.waba_id, "subscribed_apps", body={})
        except GraphAwayError as error:
            return [away(error)]
        except GraphRefusalError as refusal:
            return [refused(what, refusal)]
    return [good(what, "los mensajes de la cuenta llegan a tu aplicación")]


async def create_templates(account: WhatsAppAccount) -> list[Finding]:
    """Create those that are missing; those that exist are left as they are and judged."""
    found: list[Finding] = []
    async with Graph(account) as graph:
        for name, body in TEMPLATES.items():
            try:
                known = await find(graph, account.waba_id, name)
                if any(one.get("language") == body["language"] for one in known):
                    found.append(judge(name, known))
                    continue
                created = await graph.post(account.waba_id, "message_templates", body=body)
                found.append(good(f"Plantilla {name}", f"creada, en estado {created.get('status')}"))
            except GraphRefusalError as refusal:
                found.append(refused(f"Plantilla {name}", refusal))
            except GraphAwayError as error:
                return [*found, away(error)]
    return found
