"""The chat channels: whether messages get lost while programs are killed, and how fast webhooks are taken.

`python -m bench canales`, or `python -m bench canales.entrega` and `python -m bench canales.acuse` for one.
"""

from bench import acuse, entrega


def main() -> None:
    entrega.main()
    acuse.main()
