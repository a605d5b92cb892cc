"""Check the trainers' data, train the model if anything changed, and tell how well it understands.

Usage: train.py [--force]. Exit 0 if the model is fresh, 1 if the data have faults. The project is
this one, or a copy of what trainers own of it, in the folder that TRIBUTA_PROJECT names.
"""

import asyncio
import contextlib
import hashlib
import io
import logging
import os
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog

ROOT = Path(__file__).resolve().parent.parent
PROJECT = Path(os.environ.get("TRIBUTA_PROJECT") or ROOT)
MODEL = PROJECT / "models" / "tributa.tar.gz"
STAMP = MODEL.with_suffix(".sha256")
HELD_OUT = ROOT / "tests" / "nlu" / "preguntas_nuevas.yml"
# Fewer right answers than this on messages that it never saw, and the model is not worth serving.
MINIMUM_ACCURACY = 0.8


def content_hash() -> str:
    """Of everything that the model is made from."""
    digest = hashlib.sha256()
    project = [PROJECT / name for name in ("config.yml", "domain.yml")] + [*(PROJECT / "data").rglob("*.yml")]
    engine = [ROOT / "engine" / "requirements.txt", *(ROOT / "engine").glob("*.py")]
    engine += [ROOT / "bot" / "core" / name for name in ("oido.py", "ortografia.py")]
    named = [(str(path.relative_to(PROJECT)), path) for path in project]
    for name, path in sorted(named + [(str(path.relative_to(ROOT)), path) for path in engine]):
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Rasa prints a great deal; it is only of use if something fails."""
    noise = io.StringIO()
    try:
        with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
            yield
    except BaseException:
        print(noise.getvalue())
        raise


def validate() -> tuple[bool, str]:
    """Rasa's checks, all but the one for responses without a rule: ours are said by actions."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    importer = TrainingDataImporter.load_from_config(
        str(PROJECT / "config.yml"), str(PROJECT / "domain.yml"), [str(PROJECT / "data")]
    )
    validator = Validator.from_importer(importer)
    checks = {
        "domain.yml": validator.verify_domain_validity(),
        "intenciones": validator.verify_intents(ignore_warnings=False),
        "ejemplos repetidos": validator.verify_example_repetition_in_intents(ignore_warnings=False),
        "acciones de las reglas": validator.verify_actions_in_stories_rules(),
        "reglas": validator.verify_story_structure(ignore_warnings=False),
    }
    failed = [name for name, fine in checks.items() if not fine]
    examples = importer.get_nlu_data().intent_examples
    intents = {example.get("intent") for example in examples}
    told = f"{len(examples)} ejemplos, {len(intents)} intenciones"
    return not failed, "con fallas en " + ", ".join(failed) if failed else told


def train() -> Path:
    """Train into a new file and give its path."""
    import rasa.model_training

    files = [str(PROJECT / name) for name in ("domain.yml", "config.yml")]
    result = rasa.model_training.train(
        domain=files[0],
        config=files[1],
        training_files=[str(PROJECT / "data")],
        output=str(MODEL.parent),
        fixed_model_name="nuevo",
        force_training=True,
    )
    return Path(str(result.model))


def evaluate(model: Path) -> tuple[float, list[str]]:
    """How many of the held-out messages are understood, and which are not."""
    import ruamel.yaml
    from rasa.core.agent import Agent

    questions: list[dict[str, Any]] = ruamel.yaml.YAML(typ="safe").load(HELD_OUT)
    agent = Agent.load(str(model))

    async def understand() -> list[str]:
        return [(await agent.parse_message(one["texto"]))["intent"]["name"] for one in questions]

    wrong = [
        f"{one['intent']} → {heard}: {one['texto']}"
        for one, heard in zip(questions, asyncio.run(understand()), strict=True)
        if heard != one["intent"] and not (heard == "nlu_fallback" and one["intent"] == "fuera_de_alcance")
    ]
    return 1 - len(wrong) / len(questions), wrong


def main(force: bool) -> int:
    """Do it, telling each step and how long it took."""
    stamp = content_hash()
    if not force and MODEL.exists() and STAMP.exists() and STAMP.read_text() == stamp:
        print("Modelo al día.")
        return 0
    began = time.monotonic()
    print("Revisando los datos de entrenamiento…", flush=True)
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", RASA_TELEMETRY_ENABLED="false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.filterwarnings("ignore", message=".*is not used in any story or rule.*")
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with quiet():
        fine, told = validate()
    print(f"Validación: {told} ({time.monotonic() - began:.0f} s)", flush=True)
    if not fine:
        return 1
    print("Entrenando, tarda uno a tres minutos…", flush=True)
    with quiet():
        model = train()
    print(f"Entrenado ({time.monotonic() - began:.0f} s)", flush=True)
    with quiet():
        accuracy, wrong = evaluate(model)
    print(f"Acierto en mensajes que nunca vio: {accuracy:.1%}")
    for line in wrong if "--fallas" in sys.argv else ():
        print("  " + line)
    if accuracy < MINIMUM_ACCURACY:
        print("El modelo nuevo entiende muy poco: se conserva el anterior.")
        return 1
    shutil.move(str(model), MODEL)
    STAMP.write_text(stamp)
    print(f"Modelo listo en {time.monotonic() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main("--force" in sys.argv))
