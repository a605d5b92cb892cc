"""The store of files that the settings name."""

from bot.private import SettingsError
from bot.settings import Settings
from bot.storage.archivos import Almacen


def open_almacen(settings: Settings) -> Almacen:
    """The store of files.

    Raises:
        SettingsError: if its address leads nowhere.
    """
    try:
        return Almacen(settings.storage_url or str(settings.data / "archivos"))
    except (ImportError, ValueError, OSError):
        raise SettingsError(
            "No puedo usar STORAGE_URL: debe ser una carpeta, o una dirección como s3://… con su biblioteca"
            " instalada (s3fs)."
        ) from None
