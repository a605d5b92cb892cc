"""A Telegram without a network: the Bot API that a bot needs, and a page where people write to it.

`python -m sandbox.telegram` listens on 127.0.0.1 only; everything stays in memory.
"""
