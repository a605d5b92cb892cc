"""What the application keeps for its handlers."""

from aiohttp import web
from rasa_sdk.executor import ActionExecutor

from api.streams import Streams
from bot.bootstrap import Services
from bot.services.ports_acceso import Limites
from bot.settings import Settings

SERVICES = web.AppKey("services", Services)
SETTINGS = web.AppKey("settings", Settings)
EXECUTOR = web.AppKey("executor", ActionExecutor)
DOCUMENT = web.AppKey("document", bytes)
MEMORY_LIMITS = web.AppKey("memory_limits", Limites)
STREAMS = web.AppKey("streams", Streams)
