"""What the application keeps for its handlers."""

from aiohttp import web
from rasa_sdk.executor import ActionExecutor

from bot.bootstrap import Services
from bot.settings import Settings

SERVICES = web.AppKey("services", Services)
SETTINGS = web.AppKey("settings", Settings)
EXECUTOR = web.AppKey("executor", ActionExecutor)
