"""Everything that a person must be told, one class each.

`key` names the text `utter_error_<key>` in domain.yml; `params` fill its `{placeholders}`.
"""

from typing import Any, ClassVar


class BotError(Exception):
    """Something that the person who asked must be told."""

    key: ClassVar[str] = "inesperado"

    def __init__(self, **params: Any) -> None:
        super().__init__(self.key, params)
        self.params = params


class InputError(BotError):
    """What the person sent cannot be used as it is."""

    key = "entrada"


class RutInvalidError(InputError):
    """The text is no RUT, or its check digit does not match."""

    key = "rut_invalido"


class PeriodoInvalidError(InputError):
    """The text is no month."""

    key = "periodo_invalido"


class PeriodoFutureError(InputError):
    """The month has not begun yet."""

    key = "periodo_futuro"


class PeriodoTooOldError(InputError):
    """The month is before 2017-05, when the register began."""

    key = "periodo_antiguo"


class PeriodoMixedError(InputError):
    """Documents of several months (or books) were to be totalled as one."""

    key = "periodo_mezclado"


class DayNotSupportedError(InputError):
    """The person asked for days or weeks; figures are given by month."""

    key = "periodo_por_dia"


class MessageEmptyError(InputError):
    """The message has no text."""

    key = "mensaje_vacio"


class MessageTooLongError(InputError):
    """The message is longer than `maximo` characters."""

    key = "mensaje_largo"


class ReplyUnknownError(InputError):
    """A button that is not ours, or no longer known."""

    key = "boton_desconocido"


class CsvNotCsvError(InputError):
    """The file is not a `;` separated text."""

    key = "csv_no_es_csv"


class CsvColumnsError(InputError):
    """The file lacks columns of the register's export."""

    key = "csv_columnas"


class CsvOtherBookError(InputError):
    """The file's columns are those of another book, or of another state of purchases."""

    key = "csv_de_otro_libro"


class CsvOtherTaxpayerError(InputError):
    """The file was exported for another RUT."""

    key = "csv_de_otro"


class CsvOtherPeriodoError(InputError):
    """The file's name says another month, book or state."""

    key = "csv_de_otro_periodo"


class CsvTooManyErrorsError(InputError):
    """So many lines are bad that the file cannot be what it should."""

    key = "csv_muchos_errores"


class ImportBusyError(BotError):
    """Another import of the same book is at work."""

    key = "importacion_en_curso"


class UploadIncompleteError(InputError):
    """The upload ended before its end, or lacks its file."""

    key = "archivo_incompleto"


class UploadTooLargeError(BotError):
    """The upload is larger than `maximo` megabytes."""

    key = "archivo_grande"


class RequestTooLargeError(BotError):
    """The request's body is larger than any that we take."""

    key = "solicitud_grande"


class CredentialsError(BotError):
    """RUT or password is wrong; which one is not told."""

    key = "credenciales"


class SecondFactorError(BotError):
    """Besides the password, the code that was just sent is needed; `solicitud` names the request."""

    key = "segundo_factor"


class CodeInvalidError(BotError):
    """The one-time code is wrong, used, expired, or was asked for by somebody else or for something else."""

    key = "codigo_incorrecto"


class PasswordWrongError(BotError):
    """The password that confirms an act is not the taxpayer's."""

    key = "password_incorrecta"


class PasswordCommonError(InputError):
    """The password is one of those that everybody tries first."""

    key = "password_comun"


class PhoneInvalidError(InputError):
    """The text is no phone number with its country."""

    key = "telefono_invalido"


class PhoneMissingError(InputError):
    """The account has no phone that a code could be sent to."""

    key = "sin_telefono"


class AccountBlockedError(BotError):
    """The account is blocked, at its owner's request or by an admin."""

    key = "cuenta_bloqueada"


class TooManyRequestsError(BotError):
    """Too often; `espera` is how many seconds to wait, `cuando` the same in words."""

    key = "demasiados_intentos"


class TooManyWindowsError(TooManyRequestsError):
    """As many pages of the chat are open as may receive messages live."""

    key = "muchas_ventanas"


class LinkInvalidError(BotError):
    """The one-time link was used, has expired, or is for something else."""

    key = "enlace_vencido"


class ServiceUnavailableError(BotError):
    """Something that must not be done unchecked cannot be checked now."""

    key = "servicio_no_disponible"


class NotAuthenticatedError(BotError):
    """No valid session or key came with the request."""

    key = "sin_sesion"


class OriginForbiddenError(BotError):
    """A request that the browser sent on behalf of another site."""

    key = "otro_origen"


class TaxpayerUnknownError(BotError):
    """No taxpayer is registered with that RUT, or the conversation is linked to none."""

    key = "contribuyente_desconocido"


class CounterpartyUnknownError(BotError):
    """The person named a client or supplier who is in none of their documents."""

    key = "contraparte_desconocida"


class OneAtATimeError(BotError):
    """The person asked for sales and purchases in one message."""

    key = "una_a_la_vez"


class OneMonthError(BotError):
    """The person asked for form 29 of several months at once; it is one month's."""

    key = "un_mes_a_la_vez"


class ExclusionNotSupportedError(BotError):
    """The person asked to leave something out of a total."""

    key = "exclusion"


class NotFoundError(BotError):
    """There is nothing at that address."""

    key = "no_encontrado"


class TopicNotFoundError(BotError):
    """No topic of the knowledge base answers the question."""

    key = "tema_desconocido"


class JobNotRetriableError(BotError):
    """Only a job that has failed can be tried again."""

    key = "trabajo_no_fallido"


class PeriodoWithoutDataError(BotError):
    """Nobody has imported or synced that month yet."""

    key = "sin_datos"


class OnlySummaryError(BotError):
    """Boletas reach the register as totals only; there are no documents to list."""

    key = "solo_resumen"


class DetailTooLongError(BotError):
    """There are more documents than fit in one file; month by month they may."""

    key = "detalle_largo"


class EngineUnavailableError(BotError):
    """The dialogue engine does not answer; the message is kept and tried again."""

    key = "motor_caido"


class EngineFailedError(EngineUnavailableError):
    """The dialogue engine answered, but could not handle the message."""

    key = "motor_fallo"
