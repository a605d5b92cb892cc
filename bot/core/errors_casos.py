"""What agents must be told about cases."""

from bot.core.errors import BotError


class CaseClosedError(BotError):
    """The case was closed: by an agent, by the person, or because nobody wrote any more."""

    key = "caso_cerrado"


class CaseTakenError(BotError):
    """Another agent, `agente`, has taken the case."""

    key = "caso_tomado"


class CaseMovedError(BotError):
    """The person has written since the agent last looked."""

    key = "caso_movido"


class ChatGoneError(BotError):
    """The chat is no longer linked to that taxpayer: nothing may be said there."""

    key = "caso_sin_chat"
