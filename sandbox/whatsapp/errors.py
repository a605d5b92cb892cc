"""What the Graph API answers when it refuses, as it words it.

Source: "Cloud API error codes" (developers.facebook.com), and published answers of the service.
`error_subcode` is not sent: the service stopped doing so with version 16, but for an unknown object.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

# code: (HTTP status, title)
CODES: dict[int, tuple[int, str]] = {
    4: (429, "Application request limit reached"),
    10: (403, "Application does not have permission for this action"),
    100: (400, "Invalid parameter"),
    190: (401, "Invalid OAuth access token"),
    368: (403, "Temporarily blocked for policies violations"),
    2200: (400, "Callback verification failed"),
    2500: (400, "Unknown path components"),
    80007: (429, "Rate limit issues"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Business Account locked"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (429, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (429, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped User ID (BSUID) recipients are not supported for this message."),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Template hydrated text too long"),
    132007: (400, "Template format character policy violated"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "There's an issue with the parameters in your template"),
    133010: (400, "Phone number not registered"),
    135000: (400, "Generic user error"),
    137000: (400, "Recipient identity key hash mismatch"),
}
_DETAILS = {
    130429: "Message failed to send because there were too many messages sent from this phone number in a"
    " short period of time",
    131000: "Message failed to send due to an unknown error.",
    131016: "Service temporarily unavailable.",
    131026: "Message undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied"
    " to this number.",
    131056: "Message failed to send because there were too many messages sent from this phone number to the"
    " same phone number in a short period of time.",
    131062: "Business-scoped User ID (BSUID) recipients are not supported for this message.",
}


@dataclass
class GraphError(Exception):
    """The service refuses; `details` says why, `message` replaces the title."""

    code: int
    details: str = ""
    message: str = ""
    subcode: int | None = None

    def __post_init__(self) -> None:
        self.details = self.details or _DETAILS.get(self.code, "")

    @property
    def title(self) -> str:
        return CODES.get(self.code, (400, "Unknown error"))[1]

    @property
    def status(self) -> int:
        return CODES.get(self.code, (400, ""))[0]

    def response(self) -> web.Response:
        """As an answer to a request."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.message or self.title}",
            "type": "OAuthException",
            "code": self.code,
        }
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = secrets.token_urlsafe(17)
        headers = {"WWW-Authenticate": f'OAuth "Facebook Platform" "invalid_token" "{self.title}"'}
        return web.json_response(
            {"error": error}, status=self.status, headers=headers if self.status == 401 else None
        )

    def in_webhook(self) -> dict[str, Any]:
        """As an entry of `errors` in a webhook."""
        link = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
        return {
            "code": self.code,
            "title": self.title,
            "message": self.message or self.title,
            "error_data": {"details": self.details or self.title},
            "href": link,
        }


def invalid(details: str) -> GraphError:
    """A value that does not do."""
    return GraphError(131009, details)


def missing(details: str) -> GraphError:
    """A value that is not there."""
    return GraphError(131008, details)


def unknown_object(name: str) -> GraphError:
    """An id that nobody knows."""
    message = (
        f"Unsupported request. Object with ID '{name}' does not exist, cannot be loaded due to missing"
        " permissions, or does not support this operation"
    )
    return GraphError(100, message=message, subcode=33)
