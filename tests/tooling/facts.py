"""What a generated document says, so that a reader's answer can be checked fact by fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class LabFact:
    """One laboratory result as printed: decimals, unit, reference range and flag (`H`, `L` or empty) as text."""

    name: str
    value: str
    unit: str
    low: str = ""
    high: str = ""
    flag: str = ""

    @property
    def range_text(self) -> str:
        if self.low and self.high:
            return f"{self.low} - {self.high}"
        if self.high:
            return f"< {self.high}"
        return f"> {self.low}" if self.low else ""


@dataclass(frozen=True, kw_only=True)
class MedicineFact:
    name: str
    dose: str
    frequency: str

    @property
    def line(self) -> str:
        return f"{self.name} {self.dose} {self.frequency}"


@dataclass(frozen=True, kw_only=True)
class Person:
    full_name: str
    date_of_birth: date
    sex: str
    record_number: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """The facts of one document. `phrases` are printed word for word; `media_type` is what its bytes really are."""

    name: str
    media_type: str
    person: Person
    written_on: date
    facility: str
    pages: int = 1
    laboratory: tuple[LabFact, ...] = ()
    medicines: tuple[MedicineFact, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file ready to upload: its bytes, the type a browser would declare for it, and what it says."""

    content: bytes
    known: Known

    @property
    def name(self) -> str:
        return self.known.name

    @property
    def media_type(self) -> str:
        return self.known.media_type


MARIA = Person(full_name="Maria Keller", date_of_birth=date(1961, 4, 17), sex="F", record_number="MRN-4471903")

HAEMATOLOGY = (
    LabFact(name="Hemoglobin", value="9.1", unit="g/dL", low="12.0", high="16.0", flag="L"),
    LabFact(name="Hematocrit", value="28.4", unit="%", low="36.0", high="46.0", flag="L"),
    LabFact(name="White blood cells", value="7.2", unit="10^9/L", low="4.0", high="11.0"),
    LabFact(name="Platelets", value="188", unit="10^9/L", low="150", high="400"),
    LabFact(name="INR", value="3.8", unit="", low="2.0", high="3.0", flag="H"),
)
CHEMISTRY = (
    LabFact(name="Creatinine", value="1.9", unit="mg/dL", low="0.6", high="1.1", flag="H"),
    LabFact(name="eGFR", value="29", unit="mL/min/1.73m2", low="60", flag="L"),
    LabFact(name="Potassium", value="6.4", unit="mmol/L", low="3.5", high="5.1", flag="H"),
    LabFact(name="Sodium", value="138", unit="mmol/L", low="135", high="145"),
    LabFact(name="Glucose", value="148", unit="mg/dL", low="70", high="99", flag="H"),
    LabFact(name="HbA1c", value="8.2", unit="%", low="4.0", high="5.6", flag="H"),
    LabFact(name="ALT", value="31", unit="U/L", low="7", high="35"),
    LabFact(name="AST", value="28", unit="U/L", low="10", high="36"),
    LabFact(name="TSH", value="7.9", unit="mIU/L", low="0.4", high="4.0", flag="H"),
    LabFact(name="Ferritin", value="9", unit="ng/mL", low="13", high="150", flag="L"),
    LabFact(name="CRP", value="12.5", unit="mg/L", high="5.0", flag="H"),
)
MEDICINES = (
    MedicineFact(name="Warfarin", dose="5 mg", frequency="once daily"),
    MedicineFact(name="Amiodarone", dose="200 mg", frequency="once daily"),
    MedicineFact(name="Simvastatin", dose="40 mg", frequency="at night"),
    MedicineFact(name="Ibuprofen", dose="400 mg", frequency="three times daily"),
    MedicineFact(name="Metformin", dose="1000 mg", frequency="twice daily"),
    MedicineFact(name="Lisinopril", dose="20 mg", frequency="once daily"),
)
