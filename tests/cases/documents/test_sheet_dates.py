"""A result carries the day of its own sheet, as the sheet writes it; what can mean two days is no day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.documents.sheet_dates import ResultPlace, SheetDate, SheetDates

BORN = date(1961, 4, 17)
SENT = date(2026, 11, 30)
ROW = "Hemoglobin  9.1  g/dL  12.0 - 16.0  L"


def of_result(*texts: str, row: str = ROW, page: int = 0, born: date | None = BORN) -> SheetDate:
    """The date of the (first) row on the page, the last one unless named."""
    number = page or len(texts)
    start = texts[number - 1].index(row)
    sheet = SheetDates(enumerate(texts, 1), latest=SENT, born=born)
    return sheet.of_result(ResultPlace(number, start, start + len(row)))


@pytest.mark.parametrize(
    ("head", "printed", "means"),
    [
        ("Date of birth: 17.04.1961  Sex: F\nCollected: 2026-11-03 08:40", "2026-11-03", "collected"),
        ("DOB 1961-04-17 Collected 03-Nov-2026 Received 04-Nov-2026 Printed 05-Nov-2026", "03-Nov-2026", "collected"),
        ("Sample received: 3 November 2026\nReport date: 5 November 2026", "3 November 2026", "received"),
        ("Geburtsdatum: 17.04.1961\nEntnahmedatum: 03.11.2026\nDruckdatum: 29.11.2026", "03.11.2026", "collected"),
        ("geb. 17.04.1961   Probenentnahme 03.11.26 07:15  Probeneingang 04.11.26", "03.11.26", "collected"),
        ("Materialeingang: 3.11.2026   Befunddatum: 4.11.2026", "3.11.2026", "received"),
        ("Fecha de nacimiento: 17/04/1961\nFecha de toma: 03/11/2026", "03/11/2026", "collected"),
        ("Née le 17/04/1961\nDate de prélèvement : 03/11/2026\nÉdité le 13/11/2026", "03/11/2026", "collected"),
        ("né(e) le 17/04/1961\nReçu le 03/11/2026", "03/11/2026", "received"),
        ("Laboratory report    Date: 2026-11-03", "2026-11-03", "dated"),
        ("Collected  Received  Printed\n03.11.2026  04.11.2026  05.11.2026", "03.11.2026", "collected"),
        ("Collected:\n03.11.2026 08:40", "03.11.2026", "collected"),
        ("Berlin, den 3. November 2026", "3. November 2026", "dated"),
        ("Berlin, 03.11.2026", "03.11.2026", "dated"),
        ("Maria Keller, 17.04.1961\n03.11.2026", "03.11.2026", "dated"),
        ("Test  03.11.2026  Unit  Reference", "03.11.2026", "dated"),
        (
            "Admitted 10.09.2026, discharged 16.09.2026\nNext appointment: 12.11.2026\nDatum: 03.11.2026",
            "03.11.2026",
            "dated",
        ),
        ("Room 14 Collected 2026-11-03", "2026-11-03", "collected"),
        ("Geb. 17.04.1961\nWBC  4.5-11.5  10^9/L\nReport issued 03 Nov 2026", "03 Nov 2026", "reported"),
    ],
)
def test_the_day_of_collection_counts_first_and_no_other_date_is_taken(head: str, printed: str, means: str) -> None:
    assert of_result(f"{head}\n{ROW}") == SheetDate(printed, date(2026, 11, 3), means)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "head",
    [
        "Date of birth: 17.04.1961",
        "Patient: Anna Kowalski-Müller, geboren in Krakau am 17.04.1961",
        "Keller, Maria *17.04.1961",
        "Maria Keller, 17.04.1961",
        "Date of birth\n17.04.1961",
        "Printed: 05.11.2026   Valid until: 05.11.2027",
        "Order date: 01.11.2026\nNext appointment 12.12.2026",
        "Gastroscopy on 12.09.2026 showed an ulcer.",
        "Biopsy taken 12.09.2026",
        "Reference range 3.5-15.0, 4.0-10.26",
        "Record 20123456, phone 030.12.10",
    ],
)
@pytest.mark.parametrize("born", [BORN, None])
def test_a_birth_and_every_date_of_something_else_is_never_the_results(head: str, born: date | None) -> None:
    assert of_result(f"{head}\n{ROW}", born=born) == SheetDate()


@given(st.dates(date(1910, 1, 1), date(2026, 11, 1)), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y"]))
def test_no_birth_date_is_ever_taken_however_it_is_written(born: date, style: str) -> None:
    for label in ("Geb.", "DOB", "born", "Date of birth:", "Geburtsdatum", "né le", "fecha de nacimiento:", "*"):
        found = of_result(f"{label} {born.strftime(style)}\n{ROW}", born=None)
        assert found == SheetDate()


def test_a_date_that_may_be_two_days_is_read_only_as_the_sheet_itself_shows() -> None:
    assert of_result(f"Collected 03/04/2026\n{ROW}") == SheetDate("03/04/2026", None, "collected")
    assert of_result(f"Collected 03/04/2026\nPrinted 13/04/2026\n{ROW}").day == date(2026, 4, 3)
    assert of_result(f"Collected 03/04/2026\nPrinted 04/13/2026\n{ROW}").day == date(2026, 3, 4)
    # The patient's own birth shows it, too; a day that has not come yet is not meant.
    assert of_result(f"DOB 04/05/1961\nCollected 03/04/2026\n{ROW}", born=date(1961, 5, 4)).day == date(2026, 4, 3)
    assert of_result(f"Collected 03/12/2026\n{ROW}").day == date(2026, 3, 12)
    assert of_result(f"Entnahme 03.04.2026\n{ROW}").day == date(2026, 4, 3)
    assert of_result(f"Collected 03.04.2026\nReported 11.23.2026\n{ROW}").day == date(2026, 3, 4)
    # Both orders on one paper show nothing.
    assert of_result(f"DOB 17/04/1961\nPrinted 04/13/2026\nCollected 03/04/2026\n{ROW}").day is None


def test_a_results_own_line_counts_before_its_sheet() -> None:
    head = "Date: 2026-11-20"
    imported = "- Hemoglobin [LOINC 718-7]: 9.1 g/dL; reference 12 g/dL to 16 g/dL; 2026-05-01; status final"
    value = "Hemoglobin [LOINC 718-7]: 9.1 g/dL"
    assert of_result(f"{head}\n{imported}", row=value).day == date(2026, 5, 1)
    assert of_result(f"{head}\n{imported.replace('2026-05-01', 'no date given')}", row=value) == SheetDate()
    assert of_result(f"{head}\nHb 9.1 g/dL on 03.11.2026.", row="Hb 9.1 g/dL").day == date(2026, 11, 3)
    assert of_result(f"{head}\n03.11.2026  {ROW}").day == date(2026, 11, 3)
    assert of_result(f"{head}\n{ROW} (previous 10.2 on 05.10.2026)").day == date(2026, 11, 20)
    assert of_result(f"{head}\nPrevious Hb 10.2 g/dL", row="Hb 10.2 g/dL") == SheetDate()
    assert of_result(f"{head}\nHb 9.1 g/dL, CT scan on 12.10.2026", row="Hb 9.1 g/dL").day == date(2026, 11, 20)


def test_columns_of_several_days_say_which_days_and_guess_none() -> None:
    sheet = f"Datum: 20.11.2026\nAnalyse  03.11.2026  05.10.2026  Einheit\n{ROW}"
    assert of_result(sheet) == SheetDate("03.11.2026 / 05.10.2026")


def test_each_section_and_each_sheet_of_a_file_has_its_own_day_and_a_later_page_takes_the_only_one() -> None:
    later = ROW.replace("9.1", "9.9")
    sections = f"Collected: 2026-11-01\n{ROW}\nCollected: 2026-11-08\n{later}"
    assert of_result(sections).day == date(2026, 11, 1)
    assert of_result(sections, row=later).day == date(2026, 11, 8)
    assert of_result("Collected: 2026-11-01", ROW).day == date(2026, 11, 1)
    assert of_result(ROW, "Page 2\nReported 2026-11-02", page=1).day == date(2026, 11, 2)
    both = of_result("Collected: 2026-11-01", "Collected: 2026-11-08", ROW)
    assert both == SheetDate("2026-11-01 / 2026-11-08")


def test_the_day_of_a_document_is_its_own_or_none() -> None:
    def day(text: str) -> date | None:
        return SheetDates([(1, text)], latest=SENT, born=BORN).of_document()

    assert day("Date of birth: 17.04.1961\nDate: 2026-03-02\nAll is well.") == date(2026, 3, 2)
    assert day("Patient, geboren in Krakau am 17.04.1961") is None
    assert day("Collected 03/04/2026") is None


def test_a_page_tells_nothing_of_the_order_in_which_another_page_writes_its_dates() -> None:
    london = f"St James Laboratory, London\nDate: 05/06/2026\n{ROW}"
    ohio = "Mercy Hospital, Ohio\nCollected: 07/22/2026"
    assert of_result(london, ohio, page=1) == SheetDate("05/06/2026", None, "dated")
    assert of_result(f"{london}\nPrinted: 15/06/2026", ohio, page=1).day == date(2026, 6, 5)


@pytest.mark.parametrize(
    ("sheet", "day"),
    [
        (f"Analítica de 28 de enero de 2025\n{ROW}", date(2025, 1, 28)),
        (f"Bilan du 5 janvier 2025\n{ROW}", date(2025, 1, 5)),
        (f"Prélèvement le 05/01/25\nRésultats\n{ROW}", date(2025, 1, 5)),
        (f"Entnahme: 05/01/2025\nBefund\n{ROW}", date(2025, 1, 5)),
        (f"Collected: 05/01/2025\n{ROW}", None),
    ],
)
def test_titles_date_a_sheet_and_some_languages_put_the_day_first(sheet: str, day: date | None) -> None:
    assert of_result(sheet).day == day
