"""How status codes look and are read: sixty bits in twelve signs that cannot be mistaken. Pure functions."""

import hashlib
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U
LENGTH, GROUP = 12, 4
BITS = LENGTH * 5
# What people read or type instead: look-alikes, letters of a Cyrillic keyboard, the Turkish dotted and dotless i.
_TAKEN_FOR = str.maketrans("OILUİАВЕКМНОРСТХУІЅЈ", "011V1ABEKMH0PCTXY1SJ")
_SEPARATORS = frozenset({"Pd", "Zs", "Cc", "Cf", "Pc"})


def from_bytes(random: bytes) -> str:
    """The code that the first sixty bits of (uniformly random) bytes spell."""
    number = int.from_bytes(random[:8]) >> (64 - BITS)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))


def in_groups(code: str) -> str:
    """The code as it is printed: three groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read(typed: str) -> str:
    """The code that somebody means by what they typed; empty when it cannot be one.

    Case, spaces, hyphens of every kind, digits of other scripts and signs that look alike make no difference.
    """
    wide = unicodedata.normalize("NFKC", typed[:100]).upper()
    signs = "".join(_sign(sign) for sign in wide if unicodedata.category(sign) not in _SEPARATORS)
    code = signs.translate(_TAKEN_FOR)
    return code if len(code) == LENGTH and not set(code) - set(ALPHABET) else ""


def _sign(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    return sign if digit is None else str(digit)


def digest(code: str) -> str:
    """What the database keeps of a code.

    Slow on purpose: whoever steals the table would have to try all codes. It depends on no secret key, so a code
    stays valid when the key is changed.
    """
    return hashlib.scrypt(code.encode("ascii"), salt=b"quartier.status_code", n=2**13, r=8, p=1, dklen=32).hex()
