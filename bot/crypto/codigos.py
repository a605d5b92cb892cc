"""One-time codes."""

import pyotp


class OneTimeCodes:
    """Implements the port `Codigos`: six digits (RFC 4226), each from a random secret that nobody keeps."""

    def new(self) -> str:
        return pyotp.HOTP(pyotp.random_base32()).at(0)
