"""The words of generated records; every body is written as such papers are, not from the classifier's list."""

from __future__ import annotations

FIRST = {
    "F": ("Maria", "Julia", "Anna", "Claire", "Lucía", "Sofie", "Elena", "Hannah", "Zoë", "Carmen"),
    "M": ("John", "Lukas", "Pierre", "Carlos", "Jürgen", "David", "Étienne", "Martín", "Samuel", "Olaf"),
}
LAST = (
    "Keller", "Smith", "Müller", "García", "Lefèvre", "O'Neill", "Schneider", "Dubois", "Fernández", "Brown",
    "Weiß", "Moreau", "Romero", "Clarke", "Vogel", "Núñez", "Laurent", "Hartmann", "Wright", "Jiménez",
)  # fmt: skip
FACILITIES = {
    "en": ("St. Brigid General Hospital", "Northfield Clinical Laboratory", "Lakeside Medical Center"),
    "de": ("Klinikum am Stadtpark", "Labor Dr. Brandt und Kollegen", "Universitätsklinikum Rheinstadt"),
    "fr": ("Centre Hospitalier de la Vallée", "Laboratoire Saint-Martin", "Clinique du Parc"),
    "es": ("Hospital General del Sur", "Laboratorio Central Vega", "Clínica San Rafael"),
}
LABELS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"name": ("Patient", "Patient name", "Name"), "born": ("Date of birth", "DOB"), "sex": ("Sex",),
           "number": ("MRN", "Medical record number", "Patient ID"), "date": ("Date",)},
    "de": {"name": ("Patient", "Patientin/Patient", "Name, Vorname"), "born": ("Geburtsdatum", "geb. am"),
           "sex": ("Geschlecht",), "number": ("Patientennummer", "Patienten-ID"), "date": ("Datum",)},
    "fr": {"name": ("Patient", "Nom et prénom", "Nom du patient"), "born": ("Date de naissance", "Né(e) le"),
           "sex": ("Sexe",), "number": ("IPP", "Numéro de dossier"), "date": ("Date",)},
    "es": {"name": ("Paciente", "Nombre y apellidos", "Nombre del paciente"),
           "born": ("Fecha de nacimiento", "F. nac."),
           "sex": ("Sexo",), "number": ("NHC", "Historia clínica"), "date": ("Fecha",)},
}  # fmt: skip
SEXES = {
    "en": {"F": ("F", "Female"), "M": ("M", "Male")},
    "de": {"F": ("w", "weiblich"), "M": ("m", "männlich")},
    "fr": {"F": ("F", "Féminin"), "M": ("M", "Masculin")},
    "es": {"F": ("Mujer", "Femenino"), "M": ("Hombre", "Masculino")},
}
HEADINGS = {
    "lab_report": {"en": ("Laboratory report", "Results", "Blood test"), "de": ("Laborbefund", "Befundbericht Labor"),
                   "fr": ("Résultats d'analyses", "Bilan sanguin"), "es": ("Informe de laboratorio", "Analítica")},
    "pathology": {"en": ("Surgical pathology report", "Histopathology"), "de": ("Histologischer Befund", "Pathologie"),
                  "fr": ("Compte rendu anatomopathologique", "Anatomie pathologique"),
                  "es": ("Informe de anatomía patológica", "Estudio histológico")},
    "radiology": {"en": ("Radiology report", "MRI report"), "de": ("Radiologischer Befund", "MRT-Befund"),
                  "fr": ("Compte rendu d'IRM", "Imagerie médicale"), "es": ("Informe radiológico", "Radiodiagnóstico")},
    "discharge_letter": {"en": ("Discharge letter", "Discharge summary"), "de": ("Entlassungsbrief", "Arztbrief"),
                         "fr": ("Lettre de sortie", "Compte rendu d'hospitalisation"),
                         "es": ("Informe de alta", "Alta hospitalaria")},
    "prescription": {"en": ("Prescription", "Rx"), "de": ("Rezept", "Medikationsplan"),
                     "fr": ("Ordonnance", "Ordonnance médicale"), "es": ("Receta médica", "Prescripción")},
    "other": {"en": ("Invoice", "Consent form"), "de": ("Rechnung", "Einwilligungserklärung"),
              "fr": ("Facture", "Attestation de présence"), "es": ("Factura", "Certificado de asistencia")},
}  # fmt: skip
EXAMINED = {
    "radiology": {"en": ("Examination: MRI of the {where}",), "de": ("Untersuchung: MRT {where}",),
                  "fr": ("Examen: IRM {where}",), "es": ("Estudio: resonancia {where}",)},
    "pathology": {"en": ("Specimen: biopsy, {where}",), "de": ("Material: Biopsie {where}",),
                  "fr": ("Prélèvement: biopsie {where}",), "es": ("Muestra: biopsia {where}",)},
    "discharge_letter": {"en": ("She was admitted for surgery of the {where}.", "Operation of the {where} on day two."),
                         "de": ("Aufnahme zur Operation: {where}.", "Eingriff {where} am zweiten Tag."),
                         "fr": ("Hospitalisation pour une intervention : {where}.",),
                         "es": ("Ingreso para cirugía: {where}.",)},
}  # fmt: skip
#: Part → language → how left and how right are written.
PARTS = {
    "knee": {"en": (("left knee", "knee, left"), ("right knee", "knee, right")),
             "de": (("linkes Knie", "Kniegelenk links"), ("rechtes Knie", "Kniegelenk rechts")),
             "fr": (("genou gauche",), ("genou droit",)), "es": (("rodilla izquierda",), ("rodilla derecha",))},
    "hip": {"en": (("left hip",), ("right hip",)), "de": (("linke Hüfte", "Hüfte li."), ("rechte Hüfte", "Hüfte re.")),
            "fr": (("hanche gauche",), ("hanche droite",)), "es": (("cadera izquierda",), ("cadera derecha",))},
    "breast": {"en": (("left breast",), ("right breast",)), "de": (("linke Brust", "Mamma links"), ("rechte Brust",)),
               "fr": (("sein gauche",), ("sein droit",)), "es": (("mama izquierda",), ("mama derecha",))},
    "kidney": {"en": (("left kidney", "left renal pelvis"), ("right kidney",)),
               "de": (("linke Niere", "Niere links"), ("rechte Niere",)),
               "fr": (("rein gauche",), ("rein droit",)), "es": (("riñón izquierdo",), ("riñón derecho",))},
    "shoulder": {"en": (("left shoulder", "L shoulder"), ("right shoulder", "R shoulder")),
                 "de": (("linke Schulter",), ("rechte Schulter",)),
                 "fr": (("épaule gauche",), ("épaule droite",)), "es": (("hombro izquierdo",), ("hombro derecho",))},
}  # fmt: skip
BODIES = {
    "lab_report": {
        "en": (
            "Test  Result  Unit  Reference",
            "Hemoglobin  9.1  g/dL  12.0 - 16.0  L",
            "Platelets  188  10^9/L  150 - 400",
            "Creatinine  1.9  mg/dL  0.6 - 1.1  H",
            "Potassium  4.4  mmol/L  3.5 - 5.1",
            "TSH  2.9  mIU/L  0.4 - 4.0",
            "CRP  12.5  mg/L  < 5.0  H",
            "Checked by the duty biochemist.",
        ),
        "de": (
            "Analyse  Ergebnis  Einheit  Referenzbereich",
            "Hämoglobin  9,1  g/dl  12,0 - 16,0",
            "Leukozyten  7,2  G/l  4,0 - 11,0",
            "Kreatinin  1,9  mg/dl  0,6 - 1,1  +",
            "Kalium  4,4  mmol/l  3,5 - 5,1",
            "Ferritin  9  ng/ml  13 - 150",
            "GPT  31  U/l  < 35",
            "Medizinisch validiert.",
        ),
        "fr": (
            "Analyse  Résultat  Unité  Valeurs de référence",
            "Hémoglobine  9,1  g/dl  12,0 - 16,0",
            "Plaquettes  188  G/l  150 - 400",
            "Créatinine  19  mg/l  6 - 11",
            "Potassium  4,4  mmol/l  3,5 - 5,1",
            "Glycémie à jeun  1,48  g/l  0,70 - 0,99",
            "Ferritine  9  ng/ml  13 - 150",
            "Validé par le biologiste.",
        ),
        "es": (
            "Prueba  Resultado  Unidad  Valores de referencia",
            "Hemoglobina  9,1  g/dl  12,0 - 16,0",
            "Plaquetas  188  10^9/l  150 - 400",
            "Creatinina  1,9  mg/dl  0,6 - 1,1",
            "Potasio  4,4  mmol/l  3,5 - 5,1",
            "Glucosa  148  mg/dl  70 - 99",
            "Ferritina  9  ng/ml  13 - 150",
            "Validado por el facultativo.",
        ),
    },
    "pathology": {
        "en": (
            "Gross description: three cores of tan tissue, up to 14 mm.",
            "Microscopic description: atypical glands in a dense stroma.",
            "Immunohistochemistry: ER positive in 90 %, HER2 1+.",
            "Margins are free of tumor.",
            "Diagnosis: invasive carcinoma, grade 2.",
        ),
        "de": (
            "Makroskopie: drei Stanzzylinder bis 14 mm Länge.",
            "Mikroskopie: atypische Drüsen in dichtem Stroma.",
            "Immunhistochemie: ER positiv in 90 %, HER2 1+.",
            "Resektionsränder tumorfrei.",
            "Diagnose: invasives Karzinom, G2.",
        ),
        "fr": (
            "Macroscopie : trois carottes de 14 mm.",
            "Microscopie : glandes atypiques dans un stroma dense.",
            "Immunohistochimie : RE positifs à 90 %, HER2 1+.",
            "Marges saines.",
            "Conclusion : carcinome infiltrant, grade 2.",
        ),
        "es": (
            "Descripción macroscópica: tres cilindros de 14 mm.",
            "Descripción microscópica: glándulas atípicas en estroma denso.",
            "Inmunohistoquímica: RE positivo 90 %, HER2 1+.",
            "Márgenes libres.",
            "Diagnóstico: carcinoma infiltrante, grado 2.",
        ),
    },
    "radiology": {
        "en": (
            "Technique: T1 and T2 sequences in three planes without contrast.",
            "Comparison: none.",
            "Findings: no fracture. Small effusion. Normal marrow signal.",
            "Impression: small effusion, otherwise unremarkable.",
        ),
        "de": (
            "Technik: T1- und T2-Sequenzen in drei Ebenen, ohne Kontrastmittel.",
            "Fragestellung: Schmerzen seit drei Wochen.",
            "Befund: keine Fraktur. Geringer Erguss. Normales Marksignal.",
            "Beurteilung: geringer Erguss, sonst unauffällig.",
        ),
        "fr": (
            "Technique : séquences T1 et T2 sans produit de contraste.",
            "Indication : douleurs depuis trois semaines.",
            "Résultats : pas de fracture. Discret épanchement.",
            "Conclusion : discret épanchement, sans autre anomalie.",
        ),
        "es": (
            "Técnica: secuencias T1 y T2 sin contraste.",
            "Motivo: dolor de tres semanas.",
            "Hallazgos: sin fractura. Pequeño derrame.",
            "Impresión: pequeño derrame, resto sin alteraciones.",
        ),
    },
    "discharge_letter": {
        "en": (
            "Dear colleague,",
            "Diagnoses: gastric ulcer, iron deficiency anemia, atrial fibrillation.",
            "Course: two units of red cells were given; the bleeding stopped.",
            "Discharged home in good condition.",
            "Medication at discharge: pantoprazole 40 mg, bisoprolol 5 mg.",
            "Follow-up with the family doctor in two weeks.",
        ),
        "de": (
            "Sehr geehrte Frau Kollegin,",
            "Diagnosen: Magenulkus, Eisenmangelanämie, Vorhofflimmern.",
            "Verlauf: Gabe von zwei Erythrozytenkonzentraten, die Blutung kam zum Stehen.",
            "Entlassung in gutem Allgemeinzustand.",
            "Entlassmedikation: Pantoprazol 40 mg, Bisoprolol 5 mg.",
            "Kontrolle beim Hausarzt in zwei Wochen.",
        ),
        "fr": (
            "Cher confrère,",
            "Diagnostics : ulcère gastrique, anémie ferriprive, fibrillation auriculaire.",
            "Évolution : deux culots globulaires, arrêt du saignement.",
            "Sortie à domicile en bon état général.",
            "Traitement de sortie : pantoprazole 40 mg, bisoprolol 5 mg.",
            "Contrôle chez le médecin traitant dans deux semaines.",
        ),
        "es": (
            "Estimado colega:",
            "Diagnósticos: úlcera gástrica, anemia ferropénica, fibrilación auricular.",
            "Evolución: dos concentrados de hematíes, cese del sangrado.",
            "Alta a domicilio en buen estado general.",
            "Tratamiento al alta: pantoprazol 40 mg, bisoprolol 5 mg.",
            "Control por su médico en dos semanas.",
        ),
    },
    "prescription": {
        "en": (
            "Bisoprolol 5 mg tablets",
            "Take one tablet once daily in the morning.",
            "Pantoprazole 40 mg, one before breakfast.",
            "Quantity: 28   Refills: 2",
        ),
        "de": (
            "Bisoprolol 5 mg Tabletten N2",
            "1 - 0 - 0 morgens einnehmen",
            "Pantoprazol 40 mg, 1 x täglich vor dem Frühstück",
            "Packung: 30 Stück",
        ),
        "fr": (
            "Bisoprolol 5 mg comprimés",
            "Un comprimé par jour le matin, pendant trois mois.",
            "Pantoprazole 40 mg, une gélule le soir.",
            "À renouveler deux fois",
        ),
        "es": (
            "Bisoprolol 5 mg comprimidos",
            "Un comprimido al día por la mañana, cada 24 horas.",
            "Pantoprazol 40 mg, una cápsula al día.",
            "Envases: 2",
        ),
    },
    "other": {
        "en": (
            "For services on the ward, private room, two nights.",
            "Amount due: 412.00 EUR. Payment within 30 days.",
        ),
        "de": ("Für Wahlleistungen, Einzelzimmer, zwei Nächte.", "Betrag: 412,00 EUR. Zahlbar innerhalb von 30 Tagen."),
        "fr": ("Chambre particulière, deux nuits.", "Montant à payer : 412,00 EUR sous 30 jours."),
        "es": ("Habitación individual, dos noches.", "Importe: 412,00 EUR. Pago en 30 días."),
    },
}
