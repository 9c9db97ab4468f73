"""PII screen: finds document numbers, contact details, birth dates, exact places and names of persons in free text.

Every pattern runs in linear time on any text: repetitions are bounded, or no two parts of a pattern can match the same
character. `personal_data_in` is called before anything is stored, so it errs on the side of asking.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DOCUMENT_LINE = "a machine-readable line of a document"
MAIL, TELEPHONE, DOCUMENT, PLATE = "an e-mail address", "a telephone number", "a document number", "a number plate"
BIRTH, COORDINATES, NAME = "a birth date", "coordinates", "the name of a person"
SIGNS = (DOCUMENT_LINE, MAIL, TELEPHONE, DOCUMENT, PLATE, BIRTH, COORDINATES, NAME)

_DIGITS = {base + value: str(value) for base in (0x0660, 0x06F0) for value in range(10)}
_I = re.IGNORECASE

# ------------------------------------------------------------------------------------------------ what is no trace
# Removed before numbers are searched: dates, times, numbers of notices, of ships and of Muster's own objects.
_HARMLESS = re.compile(
    r"""
    (?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])
    | (?<![\d.,/-])\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?(?:Z|[+-]\d{2}:?\d{2}\b)?(?![\d])
    | (?<![\d.,/-])\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?![\d/-])(?!\.\d)
    | \b\d{8}T?\d{4,6}Z\b
    | (?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?:\s?[-–]\s?\d{1,2}:\d{2})?(?![\d:])
    | \bUTC\s?[+-]\s?\d{1,2}(?::\d{2})?
    | \bhttps?://\S{1,300}
    | (?<![\w/-])[A-Z]{0,3}(?:\d{1,6}/(?:19|20)\d\d|(?:19|20)\d\d[-/]\d{1,6})(?![\w/-])
    | \b[A-Z]-\d{1,6}/\d{1,2}-\d{4}\b
    | \b(?:IMO|MMSI)\W{0,3}\d{7,9}\b
    | \b[A-Z]{3}[UJZ]\s?\d{6}\s?-?\d\b
    | \b(?:task|report|lead|case|request|entry|operation|tâche|rapport|piste|dossier|demande|tarea|informe|pista|caso|solicitud
        |المهمة|التقرير|الطلب|القضية)\W{1,3}[0-9A-F]{8}(?![\w-])
    """,
    re.IGNORECASE | re.VERBOSE,
)

# ------------------------------------------------------------------------------------------------ patterns of their own
_LINE = re.compile(r"(?<=[A-Z0-9<]{6})<<|<<(?=[A-Z0-9<]{6})|(?<![A-Z])[PIACV][A-Z<][A-Z]{3}\w{1,39}<<", _I)
_MAIL = re.compile(
    r"[\w.+-]\s?(?:@|[(\[](?:at|arroba|arobase|chez)[)\]])\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|[(\[](?:dot|punto|point|ponto)[)\]])\s?[\w-]{1,63}){0,4}"
    r"(?:\.|\s?[(\[](?:dot|punto|point|ponto)[)\]]\s?)[a-z]{2,24}",
    _I,
)
_CALL = (
    r"t[ée]l|tele|t[ée]l[ée]phone|tel[ée]fono|telefone|phone|mobile|m[óo]vil|celular|cel|cell|portable|gsm|whatsapp|signal|telegram|"
    r"viber|imo|fax|call|called|calls|rang|text|sms|llam[óoae]r?|llamar|marcar|joint|joindre|appel[ée]r?|appelle|ligou|ligar|"
    r"هاتف|هاتفه|هاتفها|جوال|جواله|موبايل|واتساب|اتصل|يتصل|تلفون"
)
_TELEPHONE = re.compile(
    r"(?<![\w.])(?:\+|00)\s?\(?\d[\d ().\u2010-\u2015/-]{6,24}\d"
    r"|(?<![\w.,:-])0\d(?:[ .-]?\d{2}){4}(?![\d,])"
    rf"|\b(?:{_CALL})\b\W{{0,4}}(?:(?:no|n[°º]|nr|number|num[ée]ro|n[úu]mero|رقم|al|au|to|at|him|her|on|a|para|el|le|على|برقم)\W{{1,4}}){{0,3}}"
    r"\(?\d(?:[ ().\u2010-\u2015/-]{0,3}\d){6,14}",
    _I,
)
_PASSPORT = re.compile(
    r"\b(?:passports?|passeports?|pasaportes?|passaportes?|travel document|titre de voyage|documento de viaje|جواز(?: (?:السفر|سفر))?)\W{0,4}"
    r"(?:(?:no|n[°º.]{1,3}|nr|number|num[ée]ro|n[úu]mero|رقم)\W{0,4}){0,2}(?=\w{0,11}\d{4})\w{6,12}\b",
    _I,
)
_CARD = re.compile(
    r"\b(?:curp|rfc|ine|ife|clave de elector|dni|nie|nif|nir|cni|cnie|cin|cpf|rg|cc|c\.\s?c|c[ée]dula|identidad|identit[ée]|"
    r"identit[àa]|id card|identity card|id no|id number|kimlik|nin|ssn|nss|aadhaar|cnic|matr[íi]cula consular|residence permit|"
    r"permis de (?:conduire|s[ée]jour)|licencia de conducir|driving licen[cs]e|laissez[- ]passer|codice fiscale|"
    r"s[ée]curit[ée] sociale|cedeao|ecowas|بطاقة|الرقم القومي|رقم الهوية|الهوية|الإقامة)\W{0,4}"
    r"(?:(?:no|n[°º.]{1,3}|nr|number|num[ée]ro|n[úu]mero|card|carte|de|رقم)\W{0,4}){0,2}"
    r"(?=[A-Z]{0,6}[\d.\- ]{0,3}\d{1,4}[.\- ]{0,2}\w)[A-Z0-9](?:[.\- /]?[A-Z0-9]){4,20}",
    _I,
)
_PLATE = re.compile(
    r"\b(?:number plates?|licen[cs]e plates?|plates?|placas?|matr[íi]culas?|patentes?|plaques?|immatricul(?:ation|[ée]e?s?)|registration|"
    r"registered|reg|targa|plaka|لوحة|لوحتها|لوحات)\b\W{0,4}(?:(?:no|n[°º.]{1,3}|nr|number|num[ée]ro|n[úu]mero|رقم|de)\W{0,4}){0,2}"
    r"(?=[A-Z\u0620-\u064a]{0,4}[ \-\u0620-\u064a]{0,7}\d)(?:[A-Z0-9]{1,7}|[\u0620-\u064a])(?:[ -][A-Z0-9\u0620-\u064a]{1,6}){1,4}(?<=[\w])"
    r"|\b(?:number plates?|plates?|placas?|matr[íi]culas?|plaques?|immatricul(?:ation|[ée]e?s?)|registration|targa|plaka|لوحة)\b\W{0,4}"
    r"(?=[A-Z]{0,6}\d)(?=\d{0,6}[A-Z])[A-Z0-9]{5,9}\b",
    _I,
)
_PLATES = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}-\d{3}-[A-Z]{2}|[A-Z]{2,3}-\d{2,3}-[A-Z]{1,2}|\d{4} (?!UTC|GMT|CET|EUR|USD|GBP|CFA|MXN|MAD|BRL|TRY)[B-DF-HJ-NP-TV-Z]{3}|[A-Z]{3}\d[A-Z]\d{2}"
    r"|[A-Z]{2} \d{3} [A-Z]{2}|\d{4,5}-[A-Z]-\d{1,2}|[A-Z]{2}\d{2} [A-Z]{3})(?![\w-])"
)
_BIRTH = re.compile(
    r"\b(?:born|birth|birthday|birthdate|d\.?o\.?b\.?|née?(?:\(e\))?|nee?(?=\s(?:le|en)\b)|nacid[oa]|naci[óo]|naissance|nacimiento|f\. ?nac|fnac|nascid[oa]|"
    r"nasceu|nascimento|nasc|ddn|مواليد|ولدت?|الميلاد|ميلاده|ميلادها)(?!\w)\W{0,8}"
    r"(?:(?:on|le|el|in|en|the|date|fecha|em|a|year|de|d|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|في|عام|سنة|بتاريخ)\W{1,4}){0,3}\d",
    _I,
)
_OLD_DAY = re.compile(
    r"(?<![\d./-])(?:\d{1,2}[./-]\d{1,2}[./-](?:19[2-9]\d|200\d|201[0-2])|(?:19[2-9]\d|200\d|201[0-2])[./-]\d{1,2}[./-]\d{1,2})(?![\d/-]|\.\d)"
)
_LEGAL = re.compile(
    r"\b(?:convention|protocol|protocole|protocolo|decree|d[ée]cret|decreto|law|act|loi|ley|lei|treaty|tratado|directive|directiva|"
    r"regulation|r[èe]glement|reglamento|resolution|r[ée]solution|resoluci[óo]n|since|depuis|desde|founded|adopted|"
    r"اتفاقية|بروتوكول|قانون|مرسوم|قرار|منذ)\b",
    _I,
)
_COORDINATES = re.compile(
    r"-?\d{1,2}[.,]\d{3,12}\s?°?\s?[ns]?\s?[,;/ ]\s?-?\d{1,3}[.,]\d{3,12}"
    r"|\d{1,3}\s?°\s?\d{1,2}(?:[.,]\d{1,12})?\s?['′’]"
    r"|\d{1,3}[.,]\d{2,12}\s?°\s?[nsewo]\b"
    r"|(?<!\w)[nsewo]\s?\d{1,3}(?:[.,]\d{3,12}|\s\d{1,2}[.,]\d{1,12})\b"
    r"|\d{1,3}[.,]\d{3,12}\s?[nsewo]\b"
    r"|\b(?:lat|latitude|latitud|lon|lng|long|longitude|longitud)\W{0,3}-?\d{1,3}[.,]\d{2,12}"
    r"|\b\d{6}[ns]\s?\d{6,7}[ew]\b|\b\d{1,2} \d{2} \d{2} ?[ns]\b"
    r"|\b\d{1,2}[c-hj-np-x]\s?[a-hj-np-z]{2}\s?(?:\d{4}\s?\d{4}|\d{5}\s?\d{5})\b"
    r"|\b\d{1,2}[c-hj-np-x]\s\d{6}\s\d{7}\b",
    _I,
)
_GRID = re.compile(r"(?<!\w)\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?(?:\d{2}\s?\d{2}|\d{3}\s?\d{3}|\d \d)(?!\w)")

# --------------------------------------------------------------------------------------------------------- numbers
_TOKEN = re.compile(r"(?<![\w.,])[A-Z0-9]{1,40}(?:[-./][A-Z0-9]{1,40}){0,6}(?!\w)", _I)
_MEASURED = re.compile(
    r"\d{1,6}[mglths]|\d{1,12}(?:km|kg|eur|usd|min|kb|mb|gb|fcfa|xof|mxn|brl|cop|hnl|try|mad|egp|st|nd|rd|th)", _I
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3}){1,4}(?:[.,]\d{1,2})?")
_SPACED = re.compile(
    r"(?<![\w.,/-])(?:\d{1,4} ){2,7}\d{1,5}(?!\w|[.,]\d)(?!\s[^\W\d_])|(?<![\w.,/-])\d{4}[ -]\d{4}(?:[ -]\d{1,4}){0,3}(?![\w-])"
)
_THOUSANDS = re.compile(r"\d{1,3}(?: \d{3}){1,4}")
_HOURS = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d[ -](?:[01]\d|2[0-4])[0-5]\d|(?:19|20)\d\d[ -](?:19|20)\d\d")
_MONEY = re.compile(r"(?:USD|EUR|GBP|MXN|BRL|COP|HNL|TRY|MAD|EGP|XOF|FCFA|CFA|[€$£])\s?$", _I)


def _numbered(text: str) -> bool:
    """Whether a number in `text` is as long, or as mixed with letters, as those of documents and telephones."""
    for match in _TOKEN.finditer(text):
        token = match[0]
        digits = sum(map(str.isdigit, token))
        if digits < 5 or _MEASURED.fullmatch(token) or _GROUPED.fullmatch(token):
            continue
        letters = sum(map(str.isalpha, token))
        joined = len(token) == digits + letters
        if digits >= 9 and not _MONEY.search(text[max(0, match.start() - 6) : match.start()]):
            return True
        if joined and letters and (digits >= 6 or (digits == 5 and letters >= 2)):
            return True
        if letters == 1 and digits >= 7:
            return True
    return any(
        sum(map(str.isdigit, match[0])) >= 8 and not _THOUSANDS.fullmatch(match[0]) and not _HOURS.fullmatch(match[0])
        for match in _SPACED.finditer(text)
    )


def _born(text: str) -> bool:
    if _BIRTH.search(text):
        return True
    return any(not _LEGAL.search(text, max(0, day.start() - 60), day.start()) for day in _OLD_DAY.finditer(text))


# ----------------------------------------------------------------------------------------------------------- names
_FOLDER = Path(__file__).parent / "names"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PARTICLES = frozenset("de da do dos das del la las los el al bin ben ibn ould van von der di abu".split())
_PLACED = frozenset(
    "san santa santo saint sainte sao são st ste puerto port porto ciudad cidade villa vila ville fort fuerte cape cabo cap mount "
    "monte mont isla ilha ile île island islas lake lago lac rio río river sierra serra valle vale pueblo colonia barrio fraccionamiento "
    "aeropuerto airport aéroport aeroporto airfield base estación estacion station gare terminal calle rua rue avenida avenue av "
    "boulevard plaza praça place puente ponte pont bridge hospital hotel escuela escola school université universidad estadio stade "
    "ejido rancho hacienda bahía bahia bay baie baía punta ponta pointe point nuestra notre our jardim parque park parc mercado market marché "
    "marcado camp campo campamento aldeia aldea douar ksar oued wadi bir ain aïn hassi sidi tell bab bordj dar".split()
)
_TITLES = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mme|Mlle|Sr|Sra|Srta|Señor|Señora|Monsieur|Madame|Senhor|Senhora|Sig|Bay|Bayan)\b\.?\s{1,2}(?=[^\W\d_a-z])"
    r"|(?:\b(?:alias|a\.k\.a\.?|aka|named|llamad[oa]|de nombre|se llama|se chama|nomm[ée]e?|d[ée]nomm[ée]e?|s'appelle|s’appelle|pr[ée]nomm[ée]e?|"
    r"apellidos?|surname|given names?|pr[ée]noms?|nombres? y apellidos?|sobrenome|apelido|nom de famille|is called|conocid[oa] como|known as"
    r"|connu sous le nom de)\W{1,4}|\bM\. )(?=[^\W\d_a-z])",
    0,
)
_PERSONS = re.compile(
    r"\b(?:arrest(?:ed|s|ing)?|detained|held|interviewed|questioned|identified|suspects?|smugglers?|drivers?|facilitators?|"
    r"traffickers?|guides?|passengers?|victims?|witness(?:es)?|minors?|spoke (?:with|to)|talked (?:with|to)|met(?: with)?|"
    r"handed over to|(?:accompanied|driven|led) by|travell?(?:ed|ing) with|together with|detenid[oa]s?|se detuvo a|detener a|"
    r"arrestad[oa]s?|identificad[oa]s?|conductora?|ch[oó]fer|polleros?|coyotes?|gu[ií]a|sospechos[oa]s?|testigos?|v[ií]ctimas?|"
    r"pasajer[oa]s?|entregad[oa]s? a|acompañad[oa]s? (?:de|por)|viaja(?:ba)?n? con|habl[óa](?:ba)? con|entrevist[óa] a|"
    r"interpell[ée]e?s?|arr[êe]t[ée]e?s?|conducteur|conductrice|chauffeur|passeurs?|passeuse|suspecte?s?|t[ée]moins?|victimes?|"
    r"passag[eè]re?s?|remise? à|accompagn[ée]e?s? (?:de|par)|voyageait avec|entretien avec|parl[ée] avec|pres[oa]s?|detid[oa]s?|"
    r"motorista|coiotes?|suspeit[oa]s?|testemunhas?|passageir[oa]s?|entregues? a|acompanhad[oa]s? (?:de|por)|viajava com|"
    r"falou com)(?:\s?:)?\s(?=[^\W\d_])",
    _I,
)


def _folded(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.casefold().replace("ı", "i"))
    return "".join(mark for mark in bare if not unicodedata.combining(mark)).replace("’", "'")


_ARABIC = re.compile("[\u0621-\u064a]")
_ARABIC_PLACES, _ARABIC_PARTICLES, _ARABIC_KIN, _ARABIC_PERSONS, _ARABIC_CALLED = (
    frozenset(map(_folded, words.split()))
    for words in (
        "مطار مدينة ميناء شارع معبر جسر منطقة مركز سوق في إلى من ساحة محطة حي قرية وادي سيدي",
        "بن ابن بنت ولد أبو عبد آل",
        "بن ابن بنت آل",
        "السيد السيدة المهرب السائق الموقوف الموقوفة المشتبه المتهم الشاهد الشاهدة الضحية المسافر المسافرة على مع عبر",
        "المدعو المدعوة المسمى المسماة اسمه اسمها يدعى تدعى واسمه واسمها الملقب الملقبة",
    )
)


@cache
def _names(which: str) -> frozenset[str]:
    return frozenset((_FOLDER / f"{which}.txt").read_text(encoding="utf-8").split("\n"))


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield runs of adjacent capitalised words, with the particles between them, each after the word before it."""
    run: list[str] = []
    before, last, end = "", "", 0
    for match in _WORD.finditer(text):
        word = match[0]
        gap = text[end : match.start()]
        close = not gap.strip(" \n") or (gap == ", " and bool(run) and run[-1].isupper())
        capital = word[0].isupper()
        particle = bool(run) and word.casefold() in _PARTICLES
        if run and not (close and (capital or particle)):
            yield before, run
            run = []
        if capital or run:
            if not run:
                before = last if close else ""
            run.append(word)
        last, end = word, match.end()
    if run:
        yield before, run


def _spans(text: str) -> Iterator[str]:
    """Yield two words of a run that form a name, with the particles between them; folded, as in `places`."""
    given, family, ordinary, towns = (_names(list_name) for list_name in ("given", "family", "ordinary", "towns"))
    for before, run in _runs(text):
        folded = [
            "" if len(word) < 4 and word.isupper() else _folded(word) for word in run
        ]  # SIR and JAD are not names
        if before.casefold() in _PLACED:
            continue
        for at, word in enumerate(folded):
            known = word in given and word not in ordinary and word not in towns
            if not (known or word in given or word in family) or (at and folded[at - 1] in _PLACED):
                continue
            for near in (_beside(folded, at, 1), _beside(folded, at, -1)):
                if near is None or (_spoken(folded, near) and not (known and _loud(run, at, near))):
                    continue
                other = folded[near]
                if other in family or (known and other not in towns):
                    yield " ".join(folded[min(at, near) : max(at, near) + 1])


def _spoken(folded: list[str], at: int) -> bool:
    """Whether a word of a run is an ordinary one, or belongs to the name of a place."""
    return (
        not folded[at]
        or folded[at] in _names("ordinary")
        or folded[at] in _PLACED
        or bool(at and folded[at - 1] in _PLACED)
    )


def _loud(run: list[str], at: int, near: int) -> bool:
    """Whether a family name is in capitals beside a given name that is not: Fatou FALL."""
    return run[near].isupper() and len(run[near]) > 3 and not run[at].isupper()


def _beside(folded: list[str], at: int, step: int) -> int | None:
    """Return the index of the nearest word of a run in that direction that is not a particle; None if there is none."""
    near = at + step
    while 0 <= near < len(folded) and folded[near] in _PARTICLES and abs(near - at) < 4:
        near += step
    return near if 0 <= near < len(folded) and folded[near] not in _PARTICLES else None


def _named(text: str) -> bool:
    """Whether a given name is next to another name, and the two are not the name of a place."""
    places = _names("places")
    return any(span not in places for span in _spans(text))


def _told(text: str) -> bool:
    """Whether words that announce a person are followed by a possible name."""
    places, towns = _names("places"), _names("towns")
    for cue, least in ((_TITLES, 1), (_PERSONS, 2)):
        for match in cue.finditer(text):
            _before, run = next(_runs(text[match.end() : match.end() + 80]), ("", []))
            folded = ["" if len(word) < 4 and word.isupper() else _folded(word) for word in run]
            names = [at for at, word in enumerate(folded) if word not in _PARTICLES][:3]
            if not text[match.end() : match.end() + 1].isupper() or len(names) < least:
                continue
            if any(_spoken(folded, at) or folded[at] in towns for at in names[:2]):
                continue
            if " ".join(folded[names[0] : names[-1] + 1]) not in places and " ".join(folded[:2]) not in places:
                return True
    return False


def _named_in_arabic(text: str) -> bool:
    """Whether Arabic text, which has no capitals, holds a name: names side by side, by descent, or announced."""
    names, ordinary = _names("arabic"), _names("ordinary")
    before, end, announced, kin = ["", ""], 0, 0, False
    for match in _WORD.finditer(text):
        word = _folded(match[0])
        if text[end : match.start()].strip(" :،") or not "\u0621" <= word[0] <= "\u064a":
            before, announced, kin = ["", ""], 0, False
        end = match.end()
        if word in _ARABIC_PARTICLES:
            kin = word in _ARABIC_KIN and bool(before[1])
            continue
        usual = word in ordinary
        if before[1] in _ARABIC_CALLED and not usual:
            return True
        beside = before[1] in names and before[1] not in ordinary and before[0] not in _ARABIC_PLACES
        if word in names and not usual and (announced or beside):
            return True
        if kin and (beside or announced) and before[1] not in _ARABIC_PLACES:
            return True
        announced = 3 if word in _ARABIC_PERSONS else announced - 1 if announced and not usual else 0
        before, kin = [before[1], word], False
    return False


# -------------------------------------------------------------------------------------------------------- the answer


def personal_data_in(text: str) -> str | None:
    """Return the kind of personal data in `text`, such as `MAIL`, or None. Takes linear time."""
    text = text.translate(_DIGITS)
    return next((found for ask in PARTS if (found := ask(text)) is not None), None)


def _of_marks(text: str) -> str | None:
    if "<<" in text and _LINE.search(text):
        return DOCUMENT_LINE
    return MAIL if _MAIL.search(text) else None


def _of_numbers(text: str) -> str | None:
    if not any(map(str.isdigit, text)):
        return None
    if _born(text):
        return BIRTH
    left = _HARMLESS.sub("~", text)
    if _COORDINATES.search(left) or _GRID.search(left):
        return COORDINATES
    if _TELEPHONE.search(left):
        return TELEPHONE
    if _PLATE.search(left) or _PLATES.search(left):
        return PLATE
    return DOCUMENT if _PASSPORT.search(left) or _CARD.search(left) or _numbered(left) else None


def _of_names(text: str) -> str | None:
    arabic = _ARABIC.search(text) is not None
    return NAME if _named(text) or _told(text) or (arabic and _named_in_arabic(text)) else None


PARTS = (_of_marks, _of_numbers, _of_names)
