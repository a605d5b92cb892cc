"""Words as Chileans write them, made plain."""

import re

# A letter three times or more is written once; doubles are left alone (as in Llaima).
_REPEATED = re.compile(r"([^\W\d])\1{2,}")
_SHORT = {
    short: word
    for word, shorts in {
        "que": "q k ke",
        "porque": "xq pq porq xk",
        "tambien": "tb tmb",
        "para": "pa xa",
        "por": "x",
        "de": "d",
        "del": "dl",
        "con": "cn",
        "he": "e",
        "hasta": "asta",
        "porfavor": "xfa porfa porfi porfis porfavor",
        "quien": "kien",
        "quienes": "kienes",
        "cuanto": "kuanto quanto",
        "cuando": "kuando",
        "cuales": "kuales",
        "como": "kmo komo",
        "quiero": "kiero",
        "ventas": "vtas",
        "venta": "vta",
        "compras": "cpras",
        "compra": "cpra",
        "factura": "fact",
        "facturas": "facts",
        # Which month it is changes nothing in what is asked: all are one word here.
        "mayo": "enero febrero marzo abril junio julio agosto septiembre setiembre octubre noviembre"
        " diciembre ene feb mar abr jun jul ago sept sep oct nov dic",
    }.items()
    for short in shorts.split()
}


def plain(word: str) -> str:
    """`XQ` is `porque`, `holaaa` is `hola`, every month is `mayo`."""
    word = _REPEATED.sub(r"\1", word.lower())
    return _SHORT.get(word, word)
