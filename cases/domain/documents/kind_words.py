"""Words that tell kinds of records apart, without accents, in four languages; see `classifying`."""

from typing import Final, Literal

Kind = Literal["lab_report", "pathology", "radiology", "discharge_letter", "prescription", "imaging", "other"]

#: Words of a heading: one of these in the upper lines says almost alone what the paper is.
TITLES: Final[dict[Kind, str]] = {
    "lab_report": "laboratory report|lab report|laboratory results|blood test|laborbefund|laborbericht|blutbild|"
    "laborwerte|compte rendu d'analyses|analyses biologiques|analyses medicales|resultats d'analyses|bilan sanguin|"
    "informe de laboratorio|analisis de sangre|analitica|resultados de laboratorio",
    "pathology": "pathology report|histopathology|surgical pathology|cytology report|pathologischer befund|"
    "pathologiebefund|histologischer befund|histologie|compte rendu anatomopathologique|anatomopathologie|"
    "anatomie pathologique|informe de anatomia patologica|anatomia patologica|informe histopatologico|biopsy report",
    "radiology": "radiology report|imaging report|mri report|ct report|x-ray report|ultrasound report|"
    "radiologischer befund|rontgenbefund|mrt-befund|ct-befund|mrt befund|ct befund|compte rendu radiologique|"
    "compte rendu d'imagerie|compte rendu d'irm|compte rendu de scanner|informe radiologico|informe de radiologia|"
    "informe de resonancia|informe de tac|informe ecografico",
    "discharge_letter": "discharge letter|discharge summary|hospital discharge|entlassungsbrief|entlassbrief|"
    "entlassungsbericht|arztbrief|lettre de sortie|compte rendu d'hospitalisation|lettre de liaison|informe de alta|"
    "alta hospitalaria|epicrisis",
    "prescription": "prescription|medication plan|medikationsplan|rezept|arzneiverordnung|verordnung|ordonnance|"
    "receta medica|receta|prescripcion|plan de medicacion",
    "other": "invoice|rechnung|facture|factura|consent form|einwilligung|consentement|consentimiento informado|"
    "insurance|versicherung|attestation|appointment|terminbestatigung|rendez-vous|cita medica|referral form|"
    "questionnaire|fragebogen|certificado|bescheinigung",
}
#: Words of the body: each counts once.
BODY: Final[dict[Kind, str]] = {
    "lab_report": "reference range|reference|result|unit|flag|specimen received|hemoglobin|haemoglobin|creatinine|"
    "potassium|sodium|platelets|leukocytes|glucose|tsh|ferritin|referenzbereich|ergebnis|einheit|hamoglobin|kreatinin|"
    "kalium|natrium|thrombozyten|leukozyten|glukose|valeurs de reference|resultat|unite|hemoglobine|plaquettes|"
    "leucocytes|glycemie|creatininemie|valores de referencia|resultado|unidad|hemoglobina|plaquetas|leucocitos|glucosa|"
    "creatinina|mmol/l|mg/dl|g/dl|u/l|crp|alt|ast|inr",
    "pathology": "microscopic|microscopy|macroscopic|gross description|histologic|immunohistochemistry|specimen|biopsy|"
    "margins|carcinoma|grade|tumor cells|mikroskopie|makroskopie|praparat|immunhistochemie|biopsie|resektionsrander|"
    "schnittrander|tumorzellen|kritischer bericht|microscopie|macroscopie|immunohistochimie|prelevement|marges|"
    "cellules tumorales|microscopica|macroscopica|inmunohistoquimica|biopsia|margenes|muestra|celulas tumorales|ki-67|"
    "ki67|her2|hematoxylin|adenocarcinom",
    "radiology": "technique|findings|impression|contrast|comparison|t1|t2|t2-weighted|sequences|axial|coronal|sagittal|"
    "radiologist|technik|beurteilung|kontrastmittel|fragestellung|voraufnahmen|sequenzen|indication|conclusion|resultats|"
    "produit de contraste|radiologue|coupes|tecnica|hallazgos|impresion|contraste|radiologo|secuencias|no fracture|"
    "effusion|erguss|epanchement|derrame|signal|meniscus|ct|mri|mrt|irm|resonancia|ultrasound|sonographie|echographie",
    "discharge_letter": "admitted|admission|discharged|discharge|hospital course|diagnoses|medication at discharge|"
    "follow-up|allergies|aufnahme|entlassung|entlassen|verlauf|stationar|stationare|diagnosen|entlassmedikation|anamnese|"
    "therapie|epikrise|hospitalise|hospitalisee|hospitalisation|entree|sortie|evolution|traitement de sortie|"
    "antecedents|ingreso|ingresado|ingresada|alta|evolucion|diagnosticos|tratamiento al alta|dear colleague|"
    "sehr geehrte|cher confrere|estimado colega|was treated|in unserer behandlung",
    "prescription": "tablets|tablet|capsules|rx|sig|refills|refill|dispense|take one|once daily|twice daily|tabletten|"
    "kapseln|taglich|morgens|abends|packung|einzunehmen|n1|n2|n3|comprimes|gelules|par jour|matin|soir|renouvelable|"
    "boite|pendant|comprimidos|capsulas|al dia|cada|horas|envase|dosis|posologie|posologia|dosage|quantity|prescriber",
    "other": "amount due|total|payment|iban|betrag|zahlbar|mwst|montant|tva|a payer|importe|iva|pago|policy number|"
    "versicherungsnummer|i agree|hereby|unterschrift|signature|firma|parking|opening hours",
}
