"""What the application keeps for its handlers."""

import asyncio

from aiohttp import web
from rasa_sdk.executor import ActionExecutor

from api.streams import Streams
from bot.bootstrap import Services
from bot.services.ports_acceso import Limites
from bot.services.ports_entrenamiento import Ficha
from bot.settings import Settings

SERVICES = web.AppKey("services", Services)
SETTINGS = web.AppKey("settings", Settings)
EXECUTOR = web.AppKey("executor", ActionExecutor)
DOCUMENT = web.AppKey("document", bytes)
MEMORY_LIMITS = web.AppKey("memory_limits", Limites)
STREAMS = web.AppKey("streams", Streams)
TRAININGS = web.AppKey("trainings", set[asyncio.Task[Ficha]])
