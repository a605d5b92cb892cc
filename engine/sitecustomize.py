"""What the engine's Python runs first, as PYTHONPATH names this folder (see the standard module `site`).

As it is imported, skops looks for each of some 800 types in every module that is loaded by then: three
seconds before Rasa and TensorFlow are, ten after them.
"""

import skops.io  # noqa: F401
