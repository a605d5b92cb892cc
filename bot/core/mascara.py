"""Texts without what is in them, for eyes that need not read them."""


def mask(texto: str) -> str:
    """Every letter and digit as a dot: how long it was and how it was written, not what it said."""
    return "".join("•" if character.isalnum() else character for character in texto)


def mask_rut(rut: str) -> str:
    """`76192083-9` as `••••••83-9`: enough to tell two apart, too little to know whose."""
    return "•" * (len(rut) - 4) + rut[-4:]
