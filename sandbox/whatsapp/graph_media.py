"""Files: upload, address, download, deletion."""

from urllib.parse import quote

from aiohttp import BodyPartReader, web

from sandbox.whatsapp.errors import GraphError, unknown_object
from sandbox.whatsapp.graph import SIMULATOR, check_phone, check_token
from sandbox.whatsapp.media import KINDS, Media
from sandbox.whatsapp.simulator import Simulator

_LARGEST = max(most for _, most in KINDS.values())


async def upload(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """POST /{phone_id}/media: `file`, `type` and `messaging_product` as multipart."""
    check_phone(request, simulator)
    if request.content_type != "multipart/form-data":
        raise GraphError(100, message="The parameter file is required.")
    fields: dict[str, str] = {}
    data, name, mime = b"", "", ""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise GraphError(100, message="The body is not valid.")
        if part.name == "file":
            data = await _read(part)
            name, mime = part.filename or "", part.headers.get("Content-Type", "")
        elif part.name:
            fields[part.name] = (await part.text())[:1000]
    if fields.get("messaging_product") != "whatsapp":
        raise GraphError(100, message="The parameter messaging_product is required.")
    if not name:
        raise GraphError(100, message="The parameter file is required.")
    media = simulator.media.upload(data, mime or fields.get("type", ""), name)
    return web.json_response({"id": media.id})


async def _read(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(2**18):
        data += chunk
        if len(data) > _LARGEST:
            raise GraphError(131053, f"File size exceeds the limit of {_LARGEST} bytes.")
    return bytes(data)


def describe(request: web.Request, simulator: Simulator, media: Media) -> web.Response:
    """GET /{media_id}: a new address, good for five minutes."""
    return web.json_response(
        {
            "messaging_product": "whatsapp",
            "url": f"{request.url.origin()}{simulator.media.make_url(media)}",
            "mime_type": media.mime,
            "sha256": media.sha256,
            "file_size": len(media.data),
            "id": media.id,
        }
    )


async def delete(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """DELETE /{media_id}."""
    media_id = request.match_info["object"]
    owner = request.query.get("phone_number_id", simulator.business.phone_id)
    if simulator.media.find(media_id) is None or owner != simulator.business.phone_id:
        raise unknown_object(media_id)
    del simulator.media.files[media_id]
    return web.json_response({"success": True})


async def download(request: web.Request) -> web.StreamResponse:
    """GET of such an address, with the token."""
    simulator = request.app[SIMULATOR]
    try:
        check_token(request, simulator.business.token)
    except GraphError as error:
        return error.response()
    media = simulator.media.by_url(request.query.get("hash", ""))
    if media is None:
        return web.Response(status=404)
    name = quote(media.name or media.id)
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}", "Content-Type": media.mime}
    return web.Response(body=media.data, headers=headers)
