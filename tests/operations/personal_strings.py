"""Strings that tell of persons, of twelve countries, and strings that do not: made without a look at the patterns.

Numbers are made by the rules of those who issue them and carry their check digits: python-stdnum and phonenumbers,
which the product does not use, say whether they are valid. Names come from Faker and, where it has none, from lists
here. Templates come in two halves: the patterns were written with the first before their eyes, the second is what
counts.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import mgrs
import phonenumbers
from faker import Faker
from stdnum import imo, iso6346
from stdnum.br import cpf
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.tr import tckimlik

from geodata.ground import reference

COUNTRIES = ("MEX", "HND", "COL", "BRA", "ESP", "FRA", "ITA", "TUR", "MAR", "EGY", "NER", "SEN")
_ISO2 = {
    "MEX": "MX", "HND": "HN", "COL": "CO", "BRA": "BR", "ESP": "ES", "FRA": "FR", "ITA": "IT", "TUR": "TR",
    "MAR": "MA", "EGY": "EG", "NER": "NE", "SEN": "SN",
}  # fmt: skip
_SPEAKS = {
    "MEX": "es", "HND": "es", "COL": "es", "BRA": "pt", "ESP": "es", "FRA": "fr", "ITA": "en", "TUR": "en",
    "MAR": "fr", "EGY": "ar", "NER": "fr", "SEN": "fr",
}  # fmt: skip
_LOCALES = {
    "MEX": "es_MX",
    "HND": "es_AR",
    "COL": "es_CO",
    "BRA": "pt_BR",
    "ESP": "es_ES",
    "FRA": "fr_FR",
    "ITA": "it_IT",
    "TUR": "tr_TR",
    "EGY": "ar_SA",
}
_FAKERS = {country: Faker(locale) for country, locale in _LOCALES.items()}
_GIVEN = {
    "MAR": "Rachid Fatima Youssef Khadija Abdellah Hicham Naima Brahim Souad Mustapha Zineb Said Latifa Omar Hanane",
    "NER": "Amadou Issoufou Mahamadou Hadiza Moussa Ibrahim Balkissa Seyni Zeinabou Harouna Aïchatou Salifou Rabi Idrissa",
    "SEN": "Mamadou Fatou Ousmane Aminata Cheikh Awa Ibrahima Ndeye Moustapha Khady Abdoulaye Aïssatou Babacar Coumba",
}
_FAMILY = {
    "MAR": "El Amrani;Benali;Ait Lahcen;Bouzidi;Tazi;El Idrissi;Chraibi;Benjelloun;Ouhaddou;Lahlou;Bennani;Zeroual",
    "NER": "Oumarou;Garba;Souley;Maïga;Boubacar;Abdou;Hassane;Tchiani;Mounkaila;Adamou;Yacouba;Laouali;Djibo",
    "SEN": "Diop;Ndiaye;Fall;Sarr;Diallo;Gueye;Mbaye;Sow;Faye;Cissé;Thiam;Diouf;Ba",
}

Dice = random.Random


def _digits(dice: Dice, count: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(count))


def _letters(dice: Dice, count: int, among: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ") -> str:
    return "".join(dice.choice(among) for _ in range(count))


def _born(dice: Dice) -> date:
    return date(1955, 1, 1) + timedelta(days=dice.randrange(52 * 365))


# --------------------------------------------------------------------------------------------- documents


def _curp(dice: Dice) -> str:
    while True:
        base = (
            f"{_letters(dice, 1)}{dice.choice('AEIOU')}{_letters(dice, 2)}{_born(dice):%y%m%d}{dice.choice('HM')}"
            f"{dice.choice(('DF', 'CS', 'VZ', 'OC', 'GT'))}{_letters(dice, 3, 'BCDFGHJKLMNPQRSTVWXYZ')}0"
        )
        made = base + curp.calc_check_digit(base)
        if curp.is_valid(made):
            return made


def _dni(dice: Dice) -> str:
    base = _digits(dice, 8)
    made = base + dni.calc_check_digit(base)
    assert dni.is_valid(made)
    return dice.choice((made, f"{base}-{made[-1]}"))


def _nie(dice: Dice) -> str:
    base = dice.choice("XYZ") + _digits(dice, 7)
    made = base + nie.calc_check_digit(base)
    assert nie.is_valid(made)
    return dice.choice((made, f"{made[0]}-{made[1:8]}-{made[8]}"))


def _nir(dice: Dice) -> str:
    base = f"{dice.choice('12')}{_born(dice):%y%m}{dice.randint(1, 95):02}{dice.randint(1, 560):03}{dice.randint(1, 400):03}"
    made = base + nir.calc_check_digits(base)
    assert nir.is_valid(made)
    return dice.choice((made, nir.format(made)))


def _codice(dice: Dice) -> str:
    while True:
        day = _born(dice)
        base = (
            f"{_letters(dice, 6, 'BCDFGLMNPRSTVZ')}{day:%y}{'ABCDEHLMPRST'[day.month - 1]}{day:%d}"
            f"{dice.choice('ABCDEFGHIL')}{dice.randint(1, 990):03}"
        )
        made = base + codicefiscale.calc_check_digit(base)
        if codicefiscale.is_valid(made):
            return made


def _tc(dice: Dice) -> str:
    base = dice.choice("123456789") + _digits(dice, 8)
    made = base + tckimlik.calc_check_digits(base)
    assert tckimlik.is_valid(made)
    return made


def _cpf(dice: Dice) -> str:
    while True:
        made = _digits(dice, 9)
        made += cpf._calc_check_digits(made)
        if cpf.is_valid(made):
            return dice.choice((made, cpf.format(made)))


def _national(country: str, dice: Dice) -> str:
    """The number of a document that persons of the country carry, with the words that stand before it there."""
    born = _born(dice)
    match country:
        case "MEX":
            return dice.choice(
                (
                    f"CURP {_curp(dice)}",
                    _curp(dice),
                    f"INE {_digits(dice, 13)}",
                    f"clave de elector {_letters(dice, 6)}{born:%y%m%d}{_digits(dice, 2)}H{_digits(dice, 3)}",
                )
            )
        case "HND":
            number = f"{dice.randint(1, 18):02}{dice.randint(1, 28):02}-{born.year}-{_digits(dice, 5)}"
            return dice.choice((f"DNI {number}", f"identidad {number.replace('-', '')}", number))
        case "COL":
            number = f"1{_digits(dice, 9)}"
            dotted = f"{number[0]}.{number[1:4]}.{number[4:7]}.{number[7:]}"
            return dice.choice((f"cédula {dotted}", f"C.C. {number}", f"CC No. {dotted}"))
        case "BRA":
            rg = f"{_digits(dice, 2)}.{_digits(dice, 3)}.{_digits(dice, 3)}-{dice.choice('0123456789X')}"
            return dice.choice((f"CPF {_cpf(dice)}", _cpf(dice), f"RG {rg}"))
        case "ESP":
            return dice.choice((f"DNI {_dni(dice)}", _dni(dice), f"NIE {_nie(dice)}"))
        case "FRA":
            return dice.choice(
                (
                    f"NIR {_nir(dice)}",
                    f"sécurité sociale {_nir(dice)}",
                    f"CNI {_digits(dice, 12)}",
                    f"carte d'identité n° {_letters(dice, 1)}{_digits(dice, 1)}{_letters(dice, 2)}{_digits(dice, 5)}",
                )
            )
        case "ITA":
            card = f"{_letters(dice, 2)}{_digits(dice, 5)}{_letters(dice, 2)}"
            return dice.choice((f"codice fiscale {_codice(dice)}", _codice(dice), f"carta d'identità {card}"))
        case "TUR":
            return dice.choice(
                (
                    f"TC kimlik no {_tc(dice)}",
                    _tc(dice),
                    f"ID card {_letters(dice, 1)}{_digits(dice, 2)}{_letters(dice, 1)}{_digits(dice, 5)}",
                )
            )
        case "MAR":
            number = f"{dice.choice(('A', 'AB', 'BK', 'JC', 'W'))}{_digits(dice, 6)}"
            return dice.choice((f"CNIE {number}", f"CIN n° {number}", number))
        case "EGY":
            number = f"2{born:%y%m%d}{dice.randint(1, 35):02}{_digits(dice, 5)}"
            return dice.choice((f"الرقم القومي {number}", number, f"بطاقة رقم {number}"))
        case "NER":
            return dice.choice(
                (
                    f"CNI {_digits(dice, 4)}-{_digits(dice, 4)}-{_digits(dice, 1)}",
                    f"carte d'identité {_digits(dice, 10)}",
                )
            )
        case _:
            number = f"{dice.choice('12')}{_digits(dice, 12)}"
            spaced = f"{number[0]} {number[1:4]} {number[4:8]} {number[8:]}"
            return dice.choice((f"CNI {number}", f"NIN {spaced}", f"carte CEDEAO {number}"))


def _passport(country: str, dice: Dice) -> str:
    number = {
        "MEX": f"G{_digits(dice, 8)}",
        "HND": f"{_letters(dice, 1, 'CEFGH')}{_digits(dice, 6)}",
        "COL": f"A{_letters(dice, 1)}{_digits(dice, 6)}",
        "BRA": f"{_letters(dice, 2)}{_digits(dice, 6)}",
        "ESP": f"{_letters(dice, 3)}{_digits(dice, 6)}",
        "FRA": f"{_digits(dice, 2)}{_letters(dice, 2)}{_digits(dice, 5)}",
        "ITA": f"Y{_letters(dice, 1)}{_digits(dice, 7)}",
        "TUR": f"U{_digits(dice, 8)}",
        "MAR": f"{_letters(dice, 2)}{_digits(dice, 7)}",
        "EGY": f"A{_digits(dice, 8)}",
        "NER": f"{_digits(dice, 2)}PC{_digits(dice, 5)}",
        "SEN": f"A0{_digits(dice, 7)}",
    }[country]
    words = {
        "es": ("pasaporte {}", "pasaporte no. {}", "pasaporte número {}"),
        "pt": ("passaporte {}", "passaporte n.º {}"),
        "fr": ("passeport {}", "passeport n° {}"),
        "en": ("passport {}", "passport no. {}", "travel document {}"),
        "ar": ("جواز سفر {}", "جواز رقم {}"),
    }[_SPEAKS[country]]
    return dice.choice((*words, "{}")).format(number)


def _check(text: str) -> str:
    """The check digit of ICAO 9303."""
    value = sum(
        (0 if mark == "<" else int(mark) if mark.isdigit() else ord(mark) - 55) * weight
        for mark, weight in zip(text, (7, 3, 1) * len(text), strict=False)
    )
    return str(value % 10)


def _mrz(country: str, dice: Dice) -> str:
    family, given = _letters(dice, dice.randint(4, 9)), _letters(dice, dice.randint(3, 8))
    number, born, ends = (
        _letters(dice, 1) + _digits(dice, 8),
        f"{_born(dice):%y%m%d}",
        f"3{_digits(dice, 1)}0{dice.randint(1, 9)}1{_digits(dice, 1)}",
    )
    first = f"P<{country}{family}<<{given}".ljust(44, "<")
    second = f"{number}{_check(number)}{country}{born}{_check(born)}M{ends}{_check(ends)}".ljust(42, "<") + "04"
    card = f"I<{country}{number}{_check(number)}".ljust(30, "<")
    return dice.choice((first, second, f"{first}\n{second}", card, f"{family}<<{given}".ljust(30, "<")))


def _plate(country: str, dice: Dice) -> str:
    number = {
        "MEX": f"{_letters(dice, 3)}-{_digits(dice, 3)}-{_letters(dice, 1)}",
        "HND": f"{_letters(dice, 3)} {_digits(dice, 4)}",
        "COL": f"{_letters(dice, 3)} {_digits(dice, 3)}",
        "BRA": f"{_letters(dice, 3)}{_digits(dice, 1)}{_letters(dice, 1)}{_digits(dice, 2)}",
        "ESP": f"{_digits(dice, 4)} {_letters(dice, 3, 'BCDFGHJKLMNPRSTVWXYZ')}",
        "FRA": f"{_letters(dice, 2)}-{_digits(dice, 3)}-{_letters(dice, 2)}",
        "ITA": f"{_letters(dice, 2)} {_digits(dice, 3)} {_letters(dice, 2)}",
        "TUR": f"{dice.randint(1, 81):02} {_letters(dice, 2)} {_digits(dice, 3)}",
        "MAR": f"{_digits(dice, 5)}-{dice.choice('ABDHW')}-{dice.randint(1, 89)}",
        "EGY": f"{dice.choice('سصقرمن')} {dice.choice('أبجده')} {dice.choice('لوىطف')} {_digits(dice, 4)}",
        "NER": f"{dice.randint(1, 9)}{_letters(dice, 1)} {_digits(dice, 4)} RN",
        "SEN": f"{_letters(dice, 2)}-{_digits(dice, 3)}-{_letters(dice, 2)}",
    }[country]
    words = {
        "es": ("placa {}", "placas {}", "matrícula {}"),
        "pt": ("placa {}",),
        "fr": ("immatriculé {}", "plaque {}", "immatriculation : {}"),
        "en": ("plate {}", "registration {}", "number plate {}"),
        "ar": ("لوحة {}", "لوحة رقم {}"),
    }[_SPEAKS[country]]
    return dice.choice(words).format(number)


# ------------------------------------------------------------------------------- contact, birth, place, name


def _phone(country: str, dice: Dice) -> str:
    region = _ISO2[country]
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    national = str(example.national_number)
    while True:
        tried = national[: dice.randint(1, 3)]
        number = phonenumbers.parse(tried + _digits(dice, len(national) - len(tried)), region)
        if phonenumbers.is_valid_number(number):
            break
    forms = phonenumbers.PhoneNumberFormat
    abroad = phonenumbers.format_number(number, dice.choice((forms.INTERNATIONAL, forms.E164)))
    home = phonenumbers.format_number(number, forms.NATIONAL)
    words = {
        "es": ("tel. {}", "celular {}", "llamó al {}"),
        "pt": ("tel. {}", "celular {}", "WhatsApp {}"),
        "fr": ("tél. {}", "portable {}", "joint au {}"),
        "en": ("phone {}", "mobile {}", "call {}"),
        "ar": ("هاتف {}", "جوال {}", "اتصل على {}"),
    }[_SPEAKS[country]]
    return dice.choice((abroad, abroad, dice.choice(words).format(home), dice.choice(words).format(abroad)))


def _mail(country: str, dice: Dice) -> str:
    name = _letters(dice, dice.randint(3, 9)).lower()
    host = dice.choice(
        ("gmail.com", "hotmail.com", "yahoo.fr", "correo.example.mx", "outlook.com.br", "mail.example.org")
    )
    return f"{name}{dice.choice(('.', '_', '-', ''))}{_digits(dice, dice.randint(0, 3))}@{host}"


def _birth(country: str, dice: Dice) -> str:
    born = _born(dice)
    months = {
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "en": "January February March April May June July August September October November December",
        "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    }[_SPEAKS[country]].split()
    month = months[born.month - 1]
    forms = {
        "es": (
            f"nacido el {born.day} de {month} de {born.year}",
            f"nacida el {born:%d/%m/%Y}",
            f"fecha de nacimiento: {born:%d-%m-%Y}",
            f"F. nac. {born:%d/%m/%Y}",
            f"nació en {born.year}",
        ),
        "pt": (
            f"nascido em {born:%d/%m/%Y}",
            f"nascida a {born.day} de {month} de {born.year}",
            f"data de nascimento {born:%d/%m/%Y}",
            f"nasc. {born:%d/%m/%y}",
        ),
        "fr": (
            f"né le {born.day} {month} {born.year}",
            f"née le {born:%d/%m/%Y}",
            f"date de naissance : {born:%d.%m.%Y}",
            f"né en {born.year}",
            f"DDN {born:%d/%m/%Y}",
        ),
        "en": (
            f"born {born.day} {month} {born.year}",
            f"DOB {born:%Y-%m-%d}",
            f"date of birth: {born:%d/%m/%Y}",
            f"born on {month} {born.day}, {born.year}",
            f"birthday {born:%d.%m.%Y}",
        ),
        "ar": (
            f"مواليد {born.year}",
            f"تاريخ الميلاد {born:%d/%m/%Y}",
            f"ولد في {born.day} {month} {born.year}",
            f"من مواليد {born:%Y/%m/%d}",
        ),
    }[_SPEAKS[country]]
    return dice.choice((*forms, f"{born:%d/%m/%Y}"))


def _place(country: str, dice: Dice) -> str:
    lat, lon = dice.uniform(-33, 46), dice.uniform(-110, 42)

    def dms(value: float, marks: str) -> tuple[int, int, float, str]:
        size = abs(value)
        return int(size), int(size % 1 * 60), size * 60 % 1 * 60, marks[value < 0]

    a, b = dms(lat, "NS"), dms(lon, "EW")
    grid = mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=dice.choice((2, 3, 4, 5)))
    zone = grid[: 3 if grid[:2].isdigit() else 2]
    square, tail = grid[len(zone) : len(zone) + 2], grid[len(zone) + 2 :]
    half = len(tail) // 2
    return dice.choice(
        (
            f"{lat:.5f}, {lon:.5f}",
            f"{lat:.4f} {lon:.4f}",
            f"lat {lat:.4f} lon {lon:.4f}",
            f"{a[0]}°{a[1]:02}'{a[2]:04.1f}\"{a[3]} {b[0]}°{b[1]:02}'{b[2]:04.1f}\"{b[3]}",
            f"{a[0]}° {a[1]}.{dice.randint(100, 999)}' {a[3]}, {b[0]}° {b[1]}.{dice.randint(100, 999)}' {b[3]}",
            f"{abs(lat):.4f}° {a[3]}, {abs(lon):.4f}° {b[3]}",
            f"{a[3]} {abs(lat):.5f} {b[3]} {abs(lon):.5f}",
            grid,
            f"{zone} {square} {tail[:half]} {tail[half:]}",
            f"MGRS {zone}{square} {tail[:half]} {tail[half:]}",
        )
    )


def name(country: str, dice: Dice) -> str:
    """A person's given and family names as they are written there."""
    if country in _GIVEN:
        given, family = dice.choice(_GIVEN[country].split()), dice.choice(_FAMILY[country].split(";"))
    else:
        fake = _FAKERS[country]
        fake.seed_instance(dice.random())
        given, family = fake.first_name(), fake.last_name()
        if country in ("MEX", "HND", "COL", "ESP"):
            family += f" {fake.last_name()}"
    if country == "EGY":
        return f"{given} {_FAKERS[country].first_name_male()} {family}"
    return dice.choice(
        (f"{given} {family}", f"{given} {family}", f"{given} {family.upper()}", f"{family.upper()} {given}")
    )


_KINDS: dict[str, Callable[[str, Dice], str]] = {
    "document": _national,
    "passport": _passport,
    "mrz": _mrz,
    "plate": _plate,
    "telephone": _phone,
    "e-mail": _mail,
    "birth": _birth,
    "place": _place,
    "name": name,
}
_AROUND = {
    "es": (
        "Se detuvo a un hombre, {}, en el retén.", "Observación: {}.", "El conductor mostró {} y siguió.", "{}",
        "Según la patrulla, {}; se avisó a la OCN.", "Datos: {} (a confirmar).", "Control de las 14:00: {}.",
        "Entrevista terminada. {} Se remitió el caso.",
    ),
    "pt": (
        "Abordado no posto: {}.", "Observação: {}", "O motorista apresentou {} e seguiu.", "{}",
        "Segundo a equipe, {}; a unidade foi avisada.", "Dados: {} (a confirmar).", "Controle das 14h: {}.",
        "Entrevista encerrada. {} O caso seguiu.",
    ),
    "fr": (
        "Un homme a été retenu, {}, au poste.", "Remarque : {}.", "Le conducteur a montré {} puis est reparti.", "{}",
        "Selon la patrouille, {} ; le BCN est avisé.", "Éléments : {} (à confirmer).", "Contrôle de 14 h : {}.",
        "Entretien terminé. {} Le dossier suit.",
    ),
    "en": (
        "A man was held, {}, at the post.", "Remark: {}.", "The driver showed {} and went on.", "{}",
        "According to the patrol, {}; the bureau was told.", "Details: {} (to be confirmed).", "Check at 14:00: {}.",
        "Interview over. {} The case was passed on.",
    ),
    "ar": (
        "أوقف رجل، {}، عند المركز.", "ملاحظة: {}.", "أظهر السائق {} وتابع.", "{}",
        "حسب الدورية، {}؛ وأبلغ المكتب.", "البيانات: {} (للتأكيد).", "فحص الساعة 14:00: {}.",
        "انتهت المقابلة. {} وأحيلت القضية.",
    ),
}  # fmt: skip
_OF_NAMES = {
    "es": ("Se detuvo a {}.", "El conductor se llama {}.", "Habló con {} por la mañana.", "{} cruzó con el grupo.", "El pollero {} cobró el viaje.", "Detenido: {}", "Viajaba con {} y otros dos.", "Entregado a {} en la caseta."),
    "pt": ("Foi preso {}.", "O motorista se chama {}.", "Falou com {} pela manhã.", "{} cruzou com o grupo.", "O coiote {} cobrou a viagem.", "Preso: {}", "Viajava com {} e outros dois.", "Entregue a {} no posto."),
    "fr": ("A été interpellé {}.", "Le chauffeur s'appelle {}.", "Entretien avec {} ce matin.", "{} a traversé avec le groupe.", "Le passeur {} a encaissé.", "Interpellé : {}", "Voyageait avec {} et deux autres.", "Remis à {} au poste."),
    "en": ("Police arrested {}.", "The driver is called {}.", "Spoke with {} this morning.", "{} crossed with the group.", "The smuggler {} took the money.", "Arrested: {}", "Travelled with {} and two others.", "Handed over to {} at the post."),
    "ar": ("ألقي القبض على {}.", "السائق اسمه {}.", "تحدثنا مع {} صباحا.", "عبر {} مع المجموعة.", "المهرب {} أخذ المال.", "الموقوف: {}", "سافر مع {} واثنين آخرين.", "سلم إلى {} في المركز."),
}  # fmt: skip


def personal(count: int, half: int, seed: int = 69) -> Iterator[tuple[str, str, str]]:
    """`count` texts that tell of a person: country, kind, text. `half` 0 or 1: the templates around."""
    dice = Dice(f"{seed}/{half}")
    for index in range(count):
        country, kind = COUNTRIES[index % 12], tuple(_KINDS)[index // 12 % len(_KINDS)]
        language = (
            dice.choice((_SPEAKS[country], _SPEAKS[country], "en")) if kind != "name" or country != "EGY" else "ar"
        )
        around = (_OF_NAMES if kind == "name" else _AROUND)[language][half::2]
        yield country, kind, dice.choice(around).format(_KINDS[kind](country, dice))


# ------------------------------------------------------------------------------------------- what tells of nobody


def _count(dice: Dice) -> str:
    number = int(10 ** dice.uniform(0, 7))
    grouped = f"{number:,}"
    return dice.choice(
        (str(number), grouped, grouped.replace(",", " "), grouped.replace(",", "."), grouped.replace(",", "\u202f"))
    )


def _day(dice: Dice) -> str:
    day = date(2019, 1, 1) + timedelta(days=dice.randrange(9 * 365))
    return dice.choice(
        (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day.day} {day:%B} {day.year}", f"{day:%d/%m}")
    )


def _hour(dice: Dice) -> str:
    hour, minute = dice.randint(0, 23), dice.randint(0, 59)
    return dice.choice(
        (f"{hour:02}:{minute:02}", f"{hour:02}{minute:02}Z", f"{hour:02}h{minute:02}", f"{hour:02}:{minute:02} UTC")
    )


def _site(dice: Dice) -> str:
    kind = dice.choice(("gazetteer", "gazetteer", "airports", "ports", "border_crossings"))
    frame = _frames()[kind]
    return str(frame[dice.randrange(len(frame))])


_FRAMES: dict[str, list[str]] = {}


def _frames() -> dict[str, list[str]]:
    """Names of places by layer; of towns those of the twelve countries and of the world, half and half."""
    if not _FRAMES:
        towns = reference.towns()
        own = towns[towns["iso3"].isin(COUNTRIES)]["name"].tolist()
        _FRAMES["gazetteer"] = own + towns["name"].sample(len(own), random_state=1).tolist()
        for layer in ("airports", "ports", "border_crossings"):
            _FRAMES[layer] = [each for each in getattr(reference, layer)()["name"].tolist() if each]
    return _FRAMES


def _unit(dice: Dice) -> str:
    return dice.choice(
        (
            f"UDT-{dice.randint(1, 99)}",
            f"GN {dice.randint(100, 999)}",
            f"Team {dice.choice('ABCDEF')}{dice.randint(1, 9)}",
            f"BCP-{dice.randint(1, 99):02}",
            f"ECO/{dice.randint(1, 12)}",
            f"{dice.randint(1, 40)}th Brigade",
            f"PAF {dice.randint(1, 90):02}",
            f"OCU {dice.choice(('Niamey', 'Lyon', 'San José'))}",
            f"call sign {dice.choice(('ALFA', 'BRAVO', 'HALCON'))} {dice.randint(1, 9)}",
        )
    )


def _flight(dice: Dice) -> str:
    return f"{dice.choice(('AF', 'ET', 'TK', 'AM', 'IB', 'AT', 'MS', 'AV', 'CM', 'LA', 'AFR', 'THY', 'RAM', 'AVA'))}{dice.choice(('', ' '))}{dice.randint(1, 9999)}"


def _route(dice: Dice) -> str:
    return dice.choice(
        (
            f"RN{dice.randint(1, 30)}",
            f"A-{dice.randint(1, 92)}",
            f"BR-{dice.randint(10, 480)}",
            f"CA-{dice.randint(1, 13)}",
            f"MEX-{dice.randint(1, 307)}D",
            f"E{dice.randint(10, 99)}",
            f"D{dice.randint(100, 999)}",
            f"km {dice.randint(1, 1900)}",
            f"Federal {dice.randint(1, 307)}",
        )
    )


def _notice(dice: Dice) -> str:
    return f"{dice.choice('ABCFGO')}-{dice.randint(1, 9999)}/{dice.randint(1, 12)}-{dice.randint(2009, 2027)}"


def _vessel(dice: Dice) -> str:
    if dice.random() < 0.5:
        base = _digits(dice, 6)
        return f"IMO {base}{imo.calc_check_digit(base)}"
    base = f"{dice.choice(('MSC', 'MAE', 'CMA'))}U{_digits(dice, 6)}"
    made = base + iso6346.calc_check_digit(base)
    return f"container {made}"


def _money(dice: Dice) -> str:
    return dice.choice(
        (
            f"USD {_count(dice)}",
            f"{_count(dice)} EUR",
            f"{_count(dice)} FCFA",
            f"MXN {_count(dice)}",
            f"€{_count(dice)}",
        )
    )


def _figure(dice: Dice) -> str:
    return dice.choice(
        (
            f"{dice.uniform(0, 100):.1f} %",
            f"{dice.uniform(0, 40):.2f} per 1,000",
            f"{dice.randint(1, 900)} kg",
            f"{dice.randint(1, 9000)} km",
            f"{dice.randint(1, 60)}/{dice.randint(61, 90)}",
            f"{dice.uniform(0, 0.1):.4f}",
            f"+{dice.randint(1, 40)} %",
            f"{dice.randint(1, 999)} L",
        )
    )


def _law(dice: Dice) -> str:
    return dice.choice(
        (
            f"Decree {dice.randint(2001, 2026)}-{dice.randint(1, 999)}",
            "the Protocol of 15 November 2000",
            "Ley 4/2000 de 11.01.2000",
            f"loi n° {dice.randint(1990, 2026)}-{dice.randint(1, 999)}",
            "Palermo Protocol, article 3",
            f"resolution {dice.randint(50, 79)}/{dice.randint(1, 300)}",
        )
    )


_SLOTS: dict[str, Callable[[Dice], str]] = {
    "count": _count,
    "n": lambda dice: str(dice.randint(2, 99)),
    "day": _day,
    "hour": _hour,
    "site": _site,
    "site2": _site,
    "unit": _unit,
    "flight": _flight,
    "route": _route,
    "notice": _notice,
    "vessel": _vessel,
    "money": _money,
    "figure": _figure,
    "law": _law,
    "task": lambda dice: f"{dice.getrandbits(32):08X}",
}
_HARMLESS = (
    "{count} queries of SLTD at {site}, {n} hits, none confirmed.", "{unit} relieved {unit} at {hour}.",
    "Flight {flight} from {site} landed at {hour}, {n} passengers checked.", "Traffic on {route} between {site} and {site2} was light.",
    "Notice {notice} was hit at {hour}; the bureau was asked.", "Phase begins {day} and ends {day}.",
    "{count} vehicles and {count} persons passed {site} on {day}.", "Vessel {vessel} left {site} at {hour}.",
    "Fees of {money} per leg were named.", "Rate of hits: {figure} against {figure} last week.",
    "Powers follow {law}.", "Task {task} is late since {day}.",
    "{site}: quiet day, no results.", "Queue of {n} buses at {site2} until {hour} local time (UTC+{n}).",
    "Hotspot north of {site}, {n} km from {route}.", "The scanner at {site} is out of service; {unit} brings another on {day}.",
    "{n} minibuses, {n} lorries and {n} cars were inspected at {site}.", "Report {task} was returned: wrong period ({day} to {day}).",
    "Se hicieron {count} consultas en {site}, con {n} aciertos.", "La unidad {unit} llegó a {site} a las {hour}.",
    "El vuelo {flight} salió de {site} con {n} pasajeros.", "Retén en la {route}, km {n}, entre {site} y {site2}.",
    "Difusión {notice}: respuesta de la OCN el {day}.", "Se decomisaron {money} y {n} vehículos.",
    "{count} detecciones en {site} entre el {day} y el {day}.", "Fase de entrenamiento en {site} desde el {day}.",
    "{n} autobuses y {n} camiones revisados; {figure} más que ayer.", "Según {law}, se remitió a la fiscalía.",
    "{count} requêtes au poste de {site}, {n} réponses positives.", "L'équipe {unit} est arrivée à {site} à {hour}.",
    "Le vol {flight} au départ de {site} a été contrôlé.", "Barrage sur la {route}, entre {site} et {site2}.",
    "Notice {notice} : réponse du BCN le {day}.", "Saisie de {money} et de {n} véhicules.",
    "{count} détections à {site} du {day} au {day}.", "Formation à {site} à partir du {day}.",
    "Panne de réseau à {site} de {hour} à {hour}.", "En application de {law}, transmis au parquet.",
    "Foram feitas {count} consultas em {site}, com {n} acertos.", "A equipe {unit} chegou a {site} às {hour}.",
    "O voo {flight} de {site} foi controlado.", "Posto na {route}, entre {site} e {site2}.",
    "أجري {count} استعلاما في {site} و{n} مطابقات.", "وصل الفريق {unit} إلى {site} الساعة {hour}.",
    "الرحلة {flight} من {site}، {n} مسافرا.", "تبدأ المرحلة في {day} وتنتهي في {day}.",
    "المركز هادئ اليوم: {count} استعلاما و{n} حافلة.", "النشرة {notice}: ورد الجواب يوم {day}.",
)  # fmt: skip


def harmless(count: int, half: int, seed: int = 70) -> Iterator[str]:
    """`count` texts as operations are full of them, which tell of nobody."""
    dice = Dice(f"{seed}/{half}")
    for _ in range(count):
        text = dice.choice(_HARMLESS[half::2])
        for slot, make in _SLOTS.items():
            while f"{{{slot}}}" in text:
                text = text.replace(f"{{{slot}}}", make(dice), 1)
        yield text
