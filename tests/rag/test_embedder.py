"""Vectors from our own model and from a server."""

import json

import httpx
import numpy as np
import pytest

from bot.core.errors import ServiceUnavailableError
from bot.rag.embedder import LARGEST_TEXT, UseEmbeddings, clean
from bot.rag.embedder_http import HttpEmbeddings, make_embedder


def test_clean() -> None:
    """No half characters, no NUL, NFKC, never longer than 2,000 even where NFKC makes eighteen of one."""
    assert clean("a\ud800\x00ﬁ") == "a fi"
    assert len(clean("ﷺ" * LARGEST_TEXT)) == LARGEST_TEXT


def test_use() -> None:
    """Vectors of length one, the same alone or among others; nothing has none."""
    use = UseEmbeddings()
    assert use.embed_documents([]) == []
    first, empty, last = use.embed_documents(["boleta de honorarios", " ", "perro"])
    assert len(first) == use.dimension
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-3)
    assert not any(empty)
    assert np.dot(first, use.embed_query("boleta de honorarios")) == pytest.approx(1, abs=1e-3)
    assert np.dot(first, last) < 0.6


def _server(request: httpx.Request) -> httpx.Response:
    asked = json.loads(request.content)
    assert (request.url.path, asked["model"]) == ("/v1/embeddings", "e5")
    assert request.headers["authorization"] == "Bearer clave-de-prueba"
    rows = [{"index": n, "embedding": [len(text), 0.0]} for n, text in enumerate(asked["input"])]
    return httpx.Response(200, json={"data": rows[::-1]})


def _http(handler: httpx.MockTransport) -> HttpEmbeddings:
    return HttpEmbeddings("http://servidor/v1/", "e5", "clave-de-prueba", handler)


def test_http() -> None:
    """In the order of the texts, of length one, in batches; its dimension is what comes."""
    http = _http(httpx.MockTransport(_server))
    assert http.dimension == 2
    assert http.nombre == "openai:e5"
    assert http.embed_documents(["a"] * 70) == [[1.0, 0.0]] * 70


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, text="hola"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"data": []}),
        httpx.Response(200, json={"data": [{"index": 0, "embedding": ["x"]}]}),
        httpx.Response(200, json={"data": [{"index": 0, "embedding": 3}]}),
    ],
)
def test_http_answers_that_are_none(answer: httpx.Response) -> None:
    """One error for all of them, which carries neither text nor key."""
    with pytest.raises(ServiceUnavailableError) as raised:
        _http(httpx.MockTransport(lambda _: answer)).embed_query("secreto")
    assert "secreto" not in repr(raised.value)


def test_the_setting() -> None:
    """Nothing means our own; else a whole address with a model."""
    assert make_embedder(None).nombre == "use-multilingual-3"
    assert make_embedder("openai:http://servidor/v1#e5").nombre == "openai:e5"
    for wrong in ("openai:servidor#e5", "openai:http://servidor/v1", "http://servidor#e5"):
        with pytest.raises(ValueError, match="TRIBUTA_EMBEDDER"):
            make_embedder(wrong)
