"""Invented people, firms and places for the documents."""
FIRST = {
    "en": "Alice Brian Carol Daniel Emma George Hannah Ian Julia Kevin", "de": "Anna Bernd Claudia Dirk Eva Frank Greta Heiko Ines Jonas",
    "fr": "Camille Luc Manon Hugo Claire Julien", "es": "Lucia Mateo Carmen Diego Elena Pablo", "it": "Giulia Marco Chiara Luca Paola Andrea",
    "pt": "Ana Joao Beatriz Rui Marta Tiago", "nl": "Sanne Daan Femke Bram Lotte Joris", "pl": "Agnieszka Piotr Ewa Marek Zofia Tomasz",
}
LAST = {
    "en": "Miller Thompson Walsh Carter Hughes Bennett Foster Reid", "de": "Schmidt Krause Winter Brandt Lorenz Vogel Seidel",
    "fr": "Moreau Lefebvre Garnier Chevalier Roux", "es": "Navarro Ortega Molina Vega Campos", "it": "Ferri Conti Galli Rinaldi Marchetti",
    "pt": "Almeida Cardoso Pinto Lopes Neves", "nl": "Bakker Visser Smit Meijer Kuiper", "pl": "Nowicki Zielinska Wrona Sikora Mazur",
}
COMPANIES = ["Larkfield Outfitters", "Hanse Logistik", "Novara Tools", "Brightwater Health", "Atelier Vernet", "Costa Azul Foods", "Tammisto Paper", "Kestrel Systems"]


def first(rng, language="en"):
    return rng.choice(FIRST.get(language, FIRST["en"]).split())


def last(rng, language="en"):
    return rng.choice(LAST.get(language, LAST["en"]).split())


def full(rng, language="en"):
    return f"{first(rng, language)} {last(rng, language)}"
