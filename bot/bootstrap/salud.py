"""How the installation is, built on the adapters."""

from bot.bootstrap.adapters import Adapters
from bot.services.reloj import RelojSantiago
from bot.services.respaldos import RespaldosService
from bot.services.salud import SaludService
from bot.settings import Settings
from bot.storage.operacion import OperationRepository


def build_salud(settings: Settings, on: Adapters) -> tuple[RespaldosService, SaludService]:
    """Whether backups are made, and whether everything is there."""
    # By the real clock, whatever day the demo plays.
    respaldos = RespaldosService(
        on.database.instance, RelojSantiago(), programados=settings.backup_dir is not None
    )
    otras = {
        "archivos": on.almacen,
        "indice": on.espejo,
        "antivirus": on.antivirus if settings.clamav_socket else None,
    }
    ritmo = on.ritmo if on.sii_activo else None
    operacion = OperationRepository(on.database)
    return respaldos, SaludService(on.database, on.motor, otras, on.canales, ritmo, respaldos, operacion)
