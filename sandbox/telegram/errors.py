"""Failures as the Bot API words them."""

from typing import Any

from aiohttp import web


class ApiError(Exception):
    """A call that the Bot API refuses."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def response(self) -> web.Response:
        """What the client receives."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return web.json_response(body, status=self.code)


class DriverError(Exception):
    """A person tried what Telegram's own apps do not let anybody do; the text is for the page."""


def bad_request(text: str) -> ApiError:
    """400."""
    return ApiError(400, f"Bad Request: {text}")


def too_many(seconds: int) -> ApiError:
    """429; `seconds` is how long the client must keep silent."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


_USUAL = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


def usual(code: int, retry_after: int = 1) -> ApiError:
    """The most frequent error of that code."""
    return too_many(retry_after) if code == 429 else ApiError(code, _USUAL.get(code, f"Error {code}"))
