"""What trainers, and whoever is none, must be told."""

from bot.core.errors import BotError, InputError, NotFoundError


class RoleForbiddenError(BotError):
    """The key is of another kind than that part of the console asks for."""

    key = "llave_ajena"


class EditFaultyError(InputError):
    """The edit cannot be made; `motivo` says why."""

    key = "entrenar_edicion"


class NotThereError(NotFoundError):
    """There is no such message in the inbox, edit in the draft or model; `que` says which."""

    key = "entrenar_no_esta"


class TrainingBusyError(BotError):
    """A model is being trained: one at a time."""

    key = "entrenar_ocupado"


class NothingToTrainError(BotError):
    """The draft has no edits."""

    key = "entrenar_sin_cambios"


class ModelNotReadyError(BotError):
    """That model cannot be published: it is not trained, it failed, or it is the live one."""

    key = "entrenar_no_listo"


class ModelStaleError(BotError):
    """The live project has changed since the model was trained: it would undo that."""

    key = "entrenar_atrasado"


class NothingBeforeError(BotError):
    """There is no model before the live one."""

    key = "entrenar_sin_anterior"


class TrainingFailedError(BotError):
    """The training failed; `motivo` is what it said last."""

    key = "entrenar_fallo"
