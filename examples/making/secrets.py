"""Secrets that look the way their issuers make them and open nothing: drawn from the generator's fixed seed."""

import base64
import json
import string
import zlib

from making import identifiers

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def from_alphabet(rng, count, alphabet=BASE62):
    return identifiers.letters(rng, count, alphabet)


def some_bytes(rng, count):
    return bytes(rng.randrange(256) for _ in range(count))


def base62(number, width):
    text = ""
    for _ in range(width):
        number, rest = divmod(number, 62)
        text = BASE62[rest] + text
    return text


def github_token(rng):
    """Thirty random characters and their CRC-32 in base 62, as GitHub writes its tokens since 2021."""
    body = from_alphabet(rng, 30)
    return "ghp" + "_" + body + base62(zlib.crc32(body.encode()), 6)


def aws_key_id(rng):
    return "AKIA" + from_alphabet(rng, 16, string.ascii_uppercase + "234567")


def aws_secret(rng):
    return base64.b64encode(some_bytes(rng, 30)).decode()


def slack_token(rng):
    return "-".join(["xoxb", identifiers.digits(rng, 12), identifiers.digits(rng, 13), from_alphabet(rng, 24)])


def stripe_key(rng):
    return "_".join(["sk", "live", from_alphabet(rng, 24)])


def password(rng):
    word = ("Heron", "Quarry", "Saffron", "Tundra")[rng.randrange(4)]
    return f"{word}-{from_alphabet(rng, 7)}!{rng.randrange(10, 99)}"


def jwt(rng, claims):
    """RFC 7519 with a signature that no key made."""
    def part(raw):
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    header = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    return f"{header}.{part(json.dumps(claims).encode())}.{part(some_bytes(rng, 32))}"


def private_key(rng):
    """The DER frame of an EC private key (RFC 5915) around random bytes."""
    body = b"\x02\x01\x01\x04\x20" + some_bytes(rng, 32) + b"\xa0\x0a\x06\x08*\x86H\xce=\x03\x01\x07"
    body += b"\xa1\x44\x03\x42\x00\x04" + some_bytes(rng, 64)
    text = base64.b64encode(b"\x30" + bytes([len(body)]) + body).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    kind = "EC PRIVATE KEY"
    return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"]) + "\n"
