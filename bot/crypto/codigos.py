"""One-time codes."""

import pyotp


class OneTimeCodes:
    """Implements the port `Codigos`: digits (RFC 4226), each code from a random secret that nobody keeps."""

    def new(self, largo: int) -> str:
        return pyotp.HOTP(pyotp.random_base32(), digits=largo).at(0)
