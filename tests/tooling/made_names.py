"""Made accounts and papers: names of many cultures as papers write them, and strangers one edit away."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from tests.tooling.name_pairs import Pair

# Given and family names: female, male, family. They are no names of the corpus.
_CULTURES = {
    "english": (
        "Alice Holly Megan Tessa Ingrid",
        "Graham Nigel Owen Trevor Clive",
        "Ashdown Whitlock Pemberley O'Hara McBride",
    ),
    "german": (
        "Heidrun Käthe Gisela Ulrike Bärbel",
        "Jürgen Günther Götz Detlef Björn",
        "Müller Größer Schäfer Köhler Weißgerber",
    ),
    "french": (
        "Solène Hélène Maëlle Agnès Océane",
        "Gérard Loïc Rémi Benoît Aurélien",
        "Lefebvre Noël Chrétien d'Aubigné Pérès",
    ),
    "spanish": (
        "Begoña Inés Rocío Montserrat Noelia",
        "Íñigo Ramiro Gonzalo Álvaro Joaquín",
        "Ibarra Zúñiga Peñalver Cárdenas Luján",
    ),
    "portuguese": (
        "Conceição Inês Lurdes Graça Lídia",
        "Simão Gonçalo Nélson Tomé Vasco",
        "Magalhães Brandão Araújo Leitão Simões",
    ),
    "polish": (
        "Żaneta Małgorzata Wioletta Bożena Grażyna",
        "Zbigniew Sławomir Błażej Wojciech Przemysław",
        "Dąbek Żuraw Łoś Śliwa Gołąb",
    ),
    "turkish": (
        "Gülşen Çiğdem Şükran Nilüfer Ayşegül",
        "Çağatay Oğuz Gökhan Şenol Tuğrul",
        "Yıldırım Öztürk Kılıç Güneş Aydın",
    ),
    "nordic": (
        "Åshild Bjørg Sølvi Märta Gunnhild",
        "Øyvind Håkon Sören Bård Torbjørn",
        "Ødegård Åkesson Sørlie Bråten Lindström",
    ),
    "dutch": (
        "Liesbeth Marijke Truus Anneke Willemijn",
        "Joost Wouter Pieter Gijs Maarten",
        "van-der-Meer de-Graaf Hoekstra van-Dijk Terpstra",
    ),
    "russian": (
        "Людмила Зинаида Галина Вера Оксана",
        "Геннадий Борис Валерий Игорь Леонид",
        "Журавль Кротенко Чайка Шмель Воронько",
    ),
    "greek": (
        "Ελένη Σταματία Βασιλική Ευτυχία Δέσποινα",
        "Θεόδωρος Ευάγγελος Σπύρος Λεωνίδας Χαράλαμπος",
        "Καραγιάννης Μιχαηλίδης Αθανασίου Παππάς Βλαχόπουλος",
    ),
    "arabic": ("سلمى رانيا منال وفاء هناء", "طارق ياسر وليد سامي بلال", "الحربي القحطاني الدوسري الشهري العتيبي"),
    "hebrew": ("רבקה מיכל תמר יעל שושנה", "אברהם נתן גדעון שמעון עמוס", "ביטון מזרחי פרץ אברג'יל שפירא"),
    "hindi": ("सरिता ममता उषा कविता पूनम", "विकास मनोज दीपक संजय राकेश", "मिश्रा चौहान त्रिपाठी सक्सेना भाटिया"),
    "thai": ("วิไล สมใจ อรุณี ปราณี รัตนา", "ประเสริฐ บุญชัย วิชัย สุรชัย ธนากร", "ทองคำ ศรีวิไล พงษ์ไพร แก้วมณี ดวงดี"),
    "chinese": ("丽娟 秀英 玉兰 雪梅 婷婷", "志强 国栋 文斌 海涛 建平", "赵 孙 周 吴 郑"),
    "korean": ("은정 미경 혜진 소연 영숙", "동현 성호 재훈 상철 태영", "강 조 윤 장 임"),
    "japanese": ("花子 陽子 由美 直子 恵", "健一 大輔 隆 誠 翔太", "鈴木 高橋 山本 松本 木村"),
}
_LABELS = {
    "english": ("Patient: {}", "Date of birth: {}"),
    "german": ("Patient: {}", "geb. am {}"),
    "french": ("Patient : {}", "né(e) le {}"),
    "spanish": ("Paciente: {}", "Fecha de nacimiento: {}"),
    "portuguese": ("Utente: {}", "Data de nascimento: {}"),
    "polish": ("Pacjent: {}", "ur. {}"),
    "turkish": ("Hasta: {}", "Doğum Tarihi: {}"),
    "nordic": ("Pasient: {}", "født {}"),
    "dutch": ("Patiënt: {}", "geb. {}"),
    "russian": ("Пациент: {}", "Дата рождения: {}"),
    "greek": ("Ασθενής: {}", "ημ. γεν.: {}"),
    "arabic": ("اسم المريض: {}", "تاريخ الميلاد: {}"),
    "hebrew": ("שם: {}", "ת. לידה: {}"),
    "hindi": ("रोगी का नाम: {}", "जन्म तिथि: {}"),
    "thai": ("ชื่อ: {}", "วันเกิด: {}"),
    "chinese": ("姓名：{}", "出生日期：{}"),
    "korean": ("성명: {}", "생년월일: {}"),
    "japanese": ("氏名：{}", "生年月日：{}"),
}
_PLAIN = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "é": "e",
        "è": "e",
        "ë": "e",
        "ê": "e",
        "ï": "i",
        "î": "i",
        "ñ": "n",
        "í": "i",
        "Í": "I",
        "ó": "o",
        "á": "a",
        "Á": "A",
        "ú": "u",
        "ã": "a",
        "õ": "o",
        "ç": "c",
        "Ç": "C",
        "ż": "z",
        "Ż": "Z",
        "ł": "l",
        "Ł": "L",
        "ą": "a",
        "ś": "s",
        "Ś": "S",
        "ę": "e",
        "ş": "s",
        "Ş": "S",
        "ğ": "g",
        "ı": "i",
        "Ö": "Oe",
        "Å": "Aa",
        "å": "aa",
        "ø": "oe",
        "Ø": "Oe",
        "ž": "z",
        "É": "E",
        "ć": "c",
        "â": "a",
        "ô": "o",
        "'": "",
    }
)
_WORDLESS = ("chinese", "korean")


def made_pairs(count: int, seed: int = 15) -> Iterator[Pair]:
    """Half own papers, half strangers'; every culture in turn."""
    chance = Random(seed)
    cultures = list(_CULTURES)
    for number in range(count):
        culture = cultures[number // 2 % len(cultures)]
        yield (_stranger if number % 2 else _own)(chance, culture, number)


def _account(chance: Random, culture: str) -> tuple[str, str, str, date]:
    female, male, families = _CULTURES[culture]
    sex = chance.choice(("female", "male"))
    given = chance.choice((female if sex == "female" else male).split())
    family = chance.choice(families.split()).replace("-", " ")
    return given, family, sex, date(1930, 1, 1) + timedelta(days=chance.randrange(28_000))


def _full(culture: str, given: str, family: str) -> str:
    if culture in _WORDLESS:
        return family + given
    return f"{family} {given}" if culture == "japanese" else f"{given} {family}"


def _day(chance: Random, culture: str, born: date) -> str:
    if culture == "thai":
        return f"{born:%d/%m}/{born.year + 543}"
    if culture in ("chinese", "japanese"):
        return f"{born.year}年{born.month}月{born.day}日"
    if culture == "korean":
        return f"{born:%Y.%m.%d}"
    return chance.choice((f"{born:%Y-%m-%d}", f"{born:%d.%m.%Y}"))


def _paper(chance: Random, culture: str, name: str, born: date, more: str = "") -> str:
    name_label, birth_label = _LABELS[culture]
    labelled, birth = name_label.format(name), birth_label.format(_day(chance, culture, born))
    shape = chance.randrange(3)
    if shape == 0:
        return f"Centre 12\n{labelled}   {birth}\n{more}\nHb 9.1 g/dl\n"
    if shape == 1:
        return f"Centre 12\n{labelled}\n{birth}\n{more}\nHb 9.1 g/dl\n"
    return f"Centre 12\n{name}   {birth}\n{more}\nHb 9.1 g/dl\n"


def _own(chance: Random, culture: str, number: int) -> Pair:
    given, family, sex, born = _account(chance, culture)
    ways: list[Callable[[], str]] = [lambda: _full(culture, given, family)]
    if culture not in _WORDLESS:
        ways.append(lambda: f"{family} {given}")
    if given[0].isascii() or culture in ("german", "french", "spanish", "portuguese", "polish", "turkish", "nordic"):
        ways += [
            lambda: f"{family}, {given}",
            lambda: f"{family} {given}".translate(_PLAIN).upper(),
            lambda: f"{family.replace(' ', '')}, {given}".translate(_PLAIN).upper(),
            lambda: f"{given[0]}. {family}",
            lambda: f"{given} {chance.choice('ABCDEH')}. {family}",
            lambda: f"Dr. {given} {family}",
        ]
    name = chance.choice(ways)()
    mother = chance.choice(_CULTURES["english"][0].split())
    parent = f"Mother: {mother} {family}, DOB {born.replace(year=born.year - 30, day=1)}"
    more = chance.choice(("", "", "Signed: Dr. Ronald Quist", parent))
    return Pair(
        id=f"own-{culture}-{number}",
        full_name=_full(culture, given, family),
        birth_date=born,
        sex=sex,
        number="",
        paper=_paper(chance, culture, name, born, more),
        truth="own",
        why=culture,
    )


def _stranger(chance: Random, culture: str, number: int) -> Pair:
    given, family, sex, born = _account(chance, culture)
    why = chance.choice(("edit", "birth", "signer", "relative", "place", "sibling"))
    female, male, families = _CULTURES[culture]
    others = [name for name in (female if sex == "female" else male).split() if name != given]
    other, born_then, more = _full(culture, chance.choice(others), family), born, ""
    if why == "edit" and culture not in (*_WORDLESS, "japanese"):
        other = _full(culture, _edited(chance, given), family)
    elif why == "birth":
        other, born_then = _full(culture, given, family), born + timedelta(days=chance.choice((1, 31, 400, 9_000)))
    elif why in ("signer", "relative", "place"):
        strange = [name for name in families.split() if name.replace("-", " ") != family]
        other = _full(culture, chance.choice(others), chance.choice(strange).replace("-", " "))
        own = _full(culture, given, family)
        more = {
            "signer": f"Sincerely,\nDr. {own}\nConsultant",
            "relative": f"Mother: {own}, DOB {born}",
            "place": f"{own} Street 12",
        }[why]
    return Pair(
        id=f"stranger-{culture}-{number}",
        full_name=_full(culture, given, family),
        birth_date=born,
        sex=sex,
        number="",
        paper=_paper(chance, culture, other, born_then, more),
        truth="stranger",
        why=why,
    )


def _edited(chance: Random, name: str) -> str:
    """Another letter of the same script in one place, never one that sounds like the old one."""
    at = chance.randrange(1, len(name) - 1) if len(name) > 3 else len(name) - 1
    alphabets = {"а": "бгдмнпрт", "α": "βδκλμνρπ", "ا": "بدرسفلن", "א": "בגדלמנר", "क": "गटनमरल", "ก": "ขนมรล"}
    first = next(
        (letters for head, letters in alphabets.items() if abs(ord(head) - ord(name[0].lower())) < 0x60), "bdfgklmnprt"
    )
    near = {"k": "cq", "f": "pv", "t": "d", "d": "t", "b": "p", "p": "b"}
    letter = chance.choice(
        [one for one in first if one != name[at].lower() and name[at].lower() not in near.get(one, "")]
    )
    return name[:at] + letter + name[at + 1 :]
