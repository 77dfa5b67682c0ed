"""Invented people and the company they deal with."""

import datetime
from dataclasses import dataclass

from making import identifiers

COMPANY = "Larkfield Outfitters"
DOMAIN = "larkfield.example"

FIRST = {
    "US": ["Dana", "Marcus", "Alicia", "Trent", "Renee", "Owen"],
    "GB": ["Imogen", "Callum", "Harriet", "Rhys", "Nadia", "Fergus"],
    "DE": ["Jürgen", "Annika", "Torsten", "Wiebke", "Jörg", "Käthe"],
    "FR": ["Élodie", "Bastien", "Margaux", "Thibault", "Anaïs", "Rémi"],
    "ES": ["Begoña", "Íñigo", "Lucía", "Andrés", "Nuria", "Joaquín"],
    "NL": ["Sanne", "Joris", "Femke", "Ruben", "Lotte", "Bram"],
}
LAST = {
    "US": ["Whitlow", "Castellan", "Birchard", "Okafor", "Landry", "Pruett"],
    "GB": ["Ashdown", "Pemberley", "Thackray", "Lockhart", "Osei", "Gilfoyle"],
    "DE": ["Brühlmann", "Achternbusch", "Möhring", "Tiedgen", "Schäffler", "Wüstefeld"],
    "FR": ["Desrosiers", "Vauclair", "Lemaître", "Chastagnier", "Béranger", "Maupin"],
    "ES": ["Ibáñez", "Carrascal", "Urdaneta", "Peñalver", "Quiroga", "Solís"],
    "NL": ["Kuipers", "van Dorn", "Hoekema", "Brinkman", "Zwart", "Teunissen"],
}
STREET = {
    "US": lambda n: f"{n * 7} Harrow Creek Road, Millbrook, NY 12545",
    "GB": lambda n: f"{n} Tanner's Row, York YO1 7PR",
    "DE": lambda n: f"Lindenhofstraße {n}, 10439 Berlin",
    "FR": lambda n: f"{n} rue des Tilleuls, 69003 Lyon",
    "ES": lambda n: f"Calle de los Olmos {n}, 41003 Sevilla",
    "NL": lambda n: f"Wilgenkade {n}, 3511 AB Utrecht",
}
PLAIN = str.maketrans("áàâäéèêëíìîïóòôöúùûüñçßÁÉÍÓÚ", "aaaaeeeeiiiioooouuuuncsAEIOU")
COUNTRIES = list(FIRST)


@dataclass
class Person:
    name: str
    email: str
    phone: str
    country: str
    street: str
    born: datetime.date
    national_id: str
    iban: str
    card: str


def person(rng, country=None, domain=None):
    country = country or COUNTRIES[rng.randrange(len(COUNTRIES))]
    first = FIRST[country][rng.randrange(6)]
    last = LAST[country][rng.randrange(6)]
    user = f"{first}.{last}".lower().replace(" ", "").translate(PLAIN)
    born = datetime.date(1955, 1, 1) + datetime.timedelta(days=rng.randrange(365 * 48))
    mail = domain or ("post.example", "mailbox.example", "example.org")[rng.randrange(3)]
    return Person(
        name=f"{first} {last}",
        email=f"{user}{rng.randrange(10, 99)}@{mail}" if domain is None else f"{user}@{mail}",
        phone=identifiers.phone(rng, country),
        country=country,
        street=STREET[country](rng.randrange(2, 140)),
        born=born,
        national_id=identifiers.national_id(rng, country, born),
        iban=identifiers.iban(rng, country),
        card=identifiers.card(rng),
    )


def people(rng, count, **what):
    return [person(rng, **what) for _ in range(count)]
