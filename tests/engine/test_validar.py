"""Cross-validation in the engine's own Python, on judges of thirty examples."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from bot.settings import ENGINE_PYTHON, ROOT

JURY = """
import sys, tarfile
import numpy as np
from jurado import Jurado, Rasgos
from scipy.sparse import csr_matrix

meant = np.repeat(np.arange(3), 10)
names = np.array(["compras", "saludo", "ventas"])[meant]
meant[-1] = 0  # the last example of ventas says what compras say
rows = np.eye(3)[meant]
rasgos = Rasgos(csr_matrix(rows), np.hstack([rows, rows]).astype(np.float32))
Jurado(1.0, 1.0).fit(rasgos, names).save("jurado.skops")
with tarfile.open("modelo.tar.gz", "w:gz") as packed:
    packed.add("jurado.skops", "components/train_Jurado5/jurado.skops")
"""


@pytest.mark.engine
def test_each_example_is_asked_of_judges_that_did_not_learn_it(tmp_path: Path) -> None:
    """The odd one out is missed by those who were taught only the others, and is counted for its intent."""

    def run(*arguments: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
        return subprocess.run(
            [str(ENGINE_PYTHON), *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    run("-c", JURY)
    found = json.loads(run(str(ROOT / "engine" / "validar.py"), "modelo.tar.gz"))
    assert found == {"compras": [10, 10], "saludo": [10, 10], "ventas": [9, 10]}
