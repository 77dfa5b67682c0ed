"""What the generator knows of an entity, and the check sums that several issuers share."""
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Callable

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Kind:
    entity: str
    make: Callable[[Random], str]
    labels: list          # what people write before it in text
    keys: list            # names of fields and columns
    language: str = "en"
    # Whether someone who knows the formats can tell it without a label. A plain nine-digit number cannot be told.
    alone: bool = True
    group: str = field(default="person")  # which forms hold it: person, company, health, money, contact, vehicle, net


def kind(entity, make, labels, keys, language="en", alone=True, group="person"):
    return Kind(entity, make, labels.split("|"), keys.split("|"), language, alone, group)


def digits(rng, count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def letters(rng, count, alphabet=CAPITALS):
    return "".join(rng.choice(alphabet) for _ in range(count))


def number(rng, low, high, width=0):
    return str(rng.randint(low, high)).zfill(width)


def weighted(text, weights):
    return sum(int(c) * w for c, w in zip(text, weights))


def luhn_digit(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


def iso7064_mod11_10(body):
    rest = 10
    for c in body:
        rest = (rest + int(c)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def icao_digit(text):
    """ICAO 9303: weights 7, 3, 1; letters from A = 10."""
    return str(sum(int(c, 36) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def until(rng, make):
    """Draws until `make` gives something: some bodies have no check digit."""
    while True:
        value = make(rng)
        if value:
            return value


def birth(rng, low=1935, high=2006):
    first = date(low, 1, 1)
    return first + timedelta(rng.randrange((date(high, 12, 31) - first).days))


def grouped(text, sizes, separator=" "):
    out, at = [], 0
    for size in sizes:
        out.append(text[at:at + size])
        at += size
    return separator.join(out)


def pick(rng, *weighted_forms):
    """pick(rng, (3, 'a'), (1, 'b')): one of the forms, by weight."""
    return rng.choices([form for _, form in weighted_forms], [weight for weight, _ in weighted_forms])[0]
