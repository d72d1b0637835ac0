"""Words of the four languages that tell of people, and those with a capital that are no names."""

import re
from functools import lru_cache
from typing import Final

from config.kernel.privacy.deidentification.eponyms import word_set

NAME_PARTICLES: Final = word_set(
    "von van de der den di del della dos da du do la le les los las al el bin ben ibn abu zu zur zum vom af av ter"
    " ten y e"
)
TITLES: Final = word_set(
    "dr dra drs doctor doctora doktor docteur docteure prof professor profesor profesora professeur pr mr mrs ms"
    " miss mx"
    " herr herrn frau fr hr fraeulein m mm mme mmes mlle monsieur madame mademoiselle maitre sr sra srta senor senora"
    " senorita don dona dn d dª sir dame lord lady nurse sister matron midwife schwester pfleger hebamme oberarzt"
    " oberaerztin chefarzt chefaerztin assistenzarzt assistenzaerztin hausarzt hausaerztin facharzt fachaerztin pd"
    " oa oae"
    " ca infirmier infirmiere sage-femme enfermero enfermera matrona rev reverend father fr rabbi imam pastor pfarrer"
    " enf ide lic dipl ing mag magister med priv doz habil consultant physician"
)
#: Between a title and a name: further titles.
MORE_TITLES: Final = TITLES | word_set("med dent vet rer nat phil h c univ ass")
RELATIONS: Final = word_set(
    "daughter daughters son sons wife husband mother father mum mom mummy dad daddy parents brother brothers sister"
    " sisters"
    " partner spouse fiance fiancee child children grandson granddaughter grandmother grandfather grandma grandpa"
    " aunt uncle"
    " niece nephew cousin neighbour neighbor neighbours friend friends flatmate roommate housemate carer caregiver"
    " caretaker"
    " guardian interpreter secretary receptionist nurse teacher headmistress headmaster headteacher boss employer"
    " manager"
    " colleague girlfriend boyfriend ex-wife ex-husband stepson stepdaughter stepmother stepfather twin widow widower"
    " physiotherapist therapist dietitian dietician pharmacist midwife counsellor lawyer solicitor landlord"
    " landlady godmother"
    " godfather adjuster caseworker coordinator assistant clerk"
    " mann mannes senora tochter toechter sohn soehne sohnes ehefrau ehemann ehemannes mutter vater vaters mama"
    " papa eltern bruder bruders"
    " schwester schwestern lebensgefaehrte lebensgefaehrtin lebensgefaehrten lebenspartner lebenspartnerin"
    " partnerin kind"
    " kinder kindern kindes enkel enkelin enkels enkelsohn enkeltochter oma opa grossmutter grossvater tante onkel"
    " nichte"
    " neffe neffen cousine nachbar nachbarin nachbarn freund freundin freundes mitbewohner mitbewohnerin mitbewohners"
    " betreuer betreuerin dolmetscher dolmetscherin sekretaerin sekretaer arzthelferin mfa mpa lehrer lehrerin"
    " klassenlehrerin"
    " rektorin schulleiter schulleiterin chefin exmann exfrau ex-mann ex-frau zwilling zwillingsschwester"
    " zwillingsbruder"
    " pflegekraft pflegerin sozialarbeiterin sozialarbeiter schwager schwaegerin schwiegertochter schwiegersohn"
    " schwiegermutter schwiegervater verlobte verlobter witwe witwer gattin gatte bekannte bekannter kollege kollegin"
    " sachbearbeiter sachbearbeiterin physiotherapeutin physiotherapeut"
    " fille filles fils epouse epoux mari femme mere pere maman papa parents frere freres soeur soeurs compagne"
    " compagnon"
    " conjoint conjointe enfant enfants petit-fils petite-fille grand-mere grand-pere mamie papi tante oncle niece"
    " neveu"
    " voisin voisine ami amie colocataire aidant aidante tuteur tutrice interprete secretaire institutrice instituteur"
    " directrice directeur professeure patron patronne collegue ex-mari ex-femme belle-fille belle-mere beau-pere"
    " beau-fils"
    " assistante assistant infirmiere infirmier referente referent kinesitherapeute jumeau jumelle marraine parrain"
    " fiancee"
    " gestionnaire"
    " hija hijas hijo hijos esposa esposo marido mujer madre padre mama papa padres hermano hermana hermanos"
    " hermanas pareja"
    " companero companera nino nina ninos nieto nieta nietos abuela abuelo tia tio sobrina sobrino prima primo"
    " vecina vecino"
    " amiga amigo cuidadora cuidador tutora tutor interprete secretaria secretario maestra maestro profesora profesor"
    " directora director jefa jefe novia novio exmarido exmujer nuera yerno suegra suegro cunada cunado enfermera"
    " enfermero"
    " administrativa administrativo recepcionista trabajadora gestora gestor gemela gemelo madrina padrino"
    " fisioterapeuta"
    " foreman supervisor coach trainer priest chaplain officer paramedic optician podiatrist warden owner tenant lodger"
    " pharmacist receptionist bride groom godson goddaughter grandparents flatmates carers keyworker advocate mentor"
    " vorarbeiter vorgesetzter vorgesetzte dienstgeber arbeitgeber hausmeister vermieter vermieterin pfleger trainerin"
    " schreibkraft stationsarzt stationsaerztin sozialdienst seelsorger seelsorgerin erzieherin erzieher tagesmutter"
    " pflegetochter pflegesohn schwiegereltern stiefvater stiefmutter grosstante grossonkel patin pate ansprechperson"
    " bezugspflegekraft betreuungsperson hebamme logopaedin ergotherapeutin apotheker apothekerin rechtsanwalt"
    " contremaitre chauffeur gardien gardienne bru gendre beau-frere belle-soeur kine aidants educatrice educateur"
    " orthophoniste pharmacien pharmacienne appelant appelante regulateur regulatrice equipage ambulancier auxiliaire"
    " nourrice assistante-sociale notaire avocat avocate employeur logeuse proche usagere usager preneur temoin"
    " capataz encargado encargada obstetra laboratorista promotora promotor farmaceutica farmaceutico chofer taxista"
    " conserje abogado abogada notario testigo tecnica tecnico logopeda psicologa psicologo educadora educador"
    " bisabuela bisabuelo ama aita suegros consuegra ahijado ahijada portero portera patron patrona auxiliar"
)
#: Between a relation and a name.
CALLED: Final = word_set(
    "is called named maternal paternal elder older eldest younger youngest late deceased maternelle paternelle"
    " materna paterno paterna materno muetterlicherseits vaeterlicherseits aeltere juengere verstorbener"
    " verstorbene referente decede decedee aine ainee cadet cadette difunto difunta mayor menor in law namens"
    " heisst ist nommee nomme appelee appele est llamada llamado es se llama s appelle von of"
    " class classe social sociale geschaeftsfuehrer"
)
SALUTATIONS: Final = word_set(
    "dear hi hello hey liebe lieber hallo cher chere bonjour salut estimado estimada querido querida hola apreciado"
    " apreciada"
)
SPEAKING: Final = word_set(
    "prevenu prevenue informe informee avise avisee avisado avisada informado informada verstaendigt informiert"
    " notified paged present presente anwesend rang rings phoned telephoned says said told tells asks asked reports"
    " reported agrees agreed thinks thought lives helps"
    " helped wants wanted came comes brought noticed filmed signed confirmed called wrote writes drove drives works"
    " rief sagt sagte meint meldet meldete bittet bat wohnt schrieb unterschrieb hilft arbeitet kuemmert"
    " dit appelle appela habite demande raconte confirme ecrit travaille signale aide"
    " dice dijo llamo vive pide cuenta confirma escribe escribio trabaja refirio ayuda"
)
#: Before the name of somebody who acts or is met.
LINKS: Final = word_set(
    "at tramita prefiere prefere prefers bevorzugt kontakt asisten asiste by with to from ask asked told tell"
    " inform informed until contact via and cc bei mit von durch an mich fuer und bis"
    " kollegen kollegin par avec pour chez a et de con por para y e ver al hasta jusqu selon segun laut per for that"
    " informing seen see consulted thank durch ueber sowie"
)
CREDENTIALS: Final = word_set(
    "md do frcp mrcp frcs frcpath facs facp phd mbbs mbchb rn np pa dnp mrcgp frcr frcpc npi gmc rpps finess lanr"
    " bsnr col"
    " coleg colegiado colegiada facharzt fachaerztin praticien praticienne mir faan dds rph consultant registration"
    " licence"
    " license adeli ordre onmed praktizierende oberarzt oberaerztin chefarzt specialist registrar"
)
SIGNED: Final = word_set(
    "acompanante mitreisend mitreisende begleitperson begleitung accompagnant accompagnante ayudante assistenz"
    " anaesthesie anaesthesist anesthesie anestesia anaesthetist anesthetist interpreter badge signed authorised"
    " authorized validated verified reported dictated typed referring referrer rendering requester"
    " requesting guarantor payer attending surgeon reviewer practitioner gp examiner operator prescriber provider"
    " unterzeichnet freigegeben validiert vidiert zuweiser zuweiserin ueberweiser einsender hausarzt arzt aerztin"
    " operateur"
    " befunder untersucher diktiert visum gez behandler kostentraeger zahler versicherter garant rechnungsempfaenger"
    " patient patientin paciente patiente kunde cliente client titular asegurado asegurada beneficiaire"
    " signe valide prescripteur prescriptrice medecin docteur redige dicte operateur demandeur correspondant payeur"
    " assure"
    " firmado validado medico medica facultativo solicitante peticionario remitente cirujano informado fdo responsable"
    " pagador tomador contact kontakt contacto ansprechpartner interlocutor name nom nombre apellidos prenom"
    " vorname nachname"
    " attn zhd member mitglied holder inhaber kontoinhaber titulaire besteller auftraggeber"
)
MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jaenner janvier janv enero ene",
            "february feb februar feber fevrier fevr fev febrero",
            "march mar maerz mrz mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug aout agosto ago",
            "september sep sept septembre septiembre setiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez decembre diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
#: Names that are words besides.
ALSO_WORDS: Final = word_set(
    "may will mark rose grace page young long hand bone blood brown white black green gray grey rich best hope"
    " faith joy dawn"
    " june april august summer winter frank bill pat sue jack rob drew art ray rod gene miles dale glen heath lane"
    " wood stone"
    " king bishop pope bush bell ball ford cook baker butler carter mason porter foster field park lake rivers hill"
    " mai mars"
    " an am in im so do da la le de el al los las un una wir sie es er ich du man mit von zum zur bei auf aus und"
    " oder ein eine"
    " gross klein lang kurz stark roth braun weiss schwarz koch schmidt kaiser koenig herbst sommer morgen abend"
    " sonntag freitag"
    " reich frei fromm ernst klar sol luz paz mar cruz rey leon reyes blanco rubio delgado mayor bueno petit grand"
    " blanc noir"
    " roux marin long court legrand leroy bon pierre aime juste clement prosper constant modeste france"
    " jan julio abril avril mayo noel he she we it if is as at be by no on or to up us ja ma mi su si me te se ni"
    " na ne en et ou au ce il on tu va vo lu"
)
#: Units, signs and words of two letters that are names besides: alone, they are none.
_NO_NAMES: Final = word_set(
    "somebody someone anybody anyone nobody everybody everyone the a an and or of in on at for with without from to"
    " by is was were are be has had have he she it they we you"
    " i his her"
    " their our my your this that these those there then thus when while where who which what since after before during"
    " until because although however please thank thanks yours kind best regards sincerely also not no none nil all"
    " any both"
    " each if as but so today yesterday tomorrow now once twice daily may might can could should would must shall"
    " will do does"
    " did examination exam findings finding impression diagnosis diagnoses history past family social medication"
    " medications"
    " medicine medicines allergies allergy plan assessment summary discharge admission report letter clinic"
    " department ward"
    " hospital laboratory lab results result test tests investigations investigation blood pressure pulse heart"
    " lung chest"
    " abdomen head neck back left right upper lower page date time signed dictated typed read copy private confidential"
    " patient patients dear sir madam colleague colleagues doctor doctors sirs re ref tel phone fax mobile email"
    " mail address"
    " male female sex gender age born birth dob mrn nhs id no number account invoice bill total amount usd eur gbp chf"
    " consultant physician surgeon surgery nurse specialist registrar cardiology neurology oncology radiology pathology"
    " gastroenterology endocrinology nephrology urology psychiatry dermatology rheumatology haematology hematology"
    " ophthalmology paediatrics pediatrics orthopaedics orthopedics gynaecology gynecology obstetrics internal"
    " general medical"
    " emergency intensive care unit outpatient inpatient service services health centre center institute comment"
    " comments note"
    " notes reference range unit units value normal abnormal high low positive negative visit office review follow up"
    " conclusion indication technique comparison procedure clinical chemistry full count function liver kidney"
    " renal thyroid"
    " monday tuesday wednesday thursday friday saturday sunday january february march april june july august"
    " september october"
    " november december mri ct ecg eeg echo pet us bp hr rr gp icu md phd"
    " der die das den dem des ein eine einer eines einem einen und oder aber auch nicht kein keine mit ohne von vom"
    " zu zum zur"
    " bei beim im am an auf aus nach vor seit bis durch fuer gegen um ueber unter wegen wir ich er sie es ihr sein"
    " seine ihre"
    " ihren ihrem ihrer ihres seinen seinem seiner unser unsere mein meine dieser diese dieses wenn weil dass als"
    " wie was wer wo hier dort heute gestern morgen"
    " bitte danke"
    " sehr geehrte geehrter geehrten kollege kollegin kollegen kolleginnen damen herren patient patientin patienten"
    " befund"
    " befunde diagnose diagnosen anamnese therapie verlauf beurteilung aufnahme entlassung klinik abteilung station"
    " labor"
    " untersuchung medikation allergien allergie arzt aerztin aerzte brief bericht befundbericht betreff betr"
    " telefon adresse"
    " geburtsdatum geb name vorname nachname geschlecht datum seite blatt rechnung betrag konto kopie nachrichtlich"
    " verteiler"
    " weiblich maennlich auftrag material probe wert einheit referenz normbereich bemerkung kommentar zuweiser hausarzt"
    " herz lunge leber niere schilddruese kopf hals bauch ruecken links rechts blutdruck puls groesse gewicht"
    " tablette tabletten"
    " kapsel tropfen montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar maerz mai juni juli"
    " oktober"
    " dezember mfg gruss gruesse gruessen freundliche freundlichen beste besten herzliche herzlichen kollegialen"
    " hochachtungsvoll"
    " innere medizin chirurgie kardiologie neurologie onkologie radiologie psychiatrie urologie gynaekologie"
    " facharzt oberarzt"
    " chefarzt sekretariat ambulanz sprechstunde praxis versuch zeichen syndrom krankheit morbus wohnung"
    " fuehrerschein unfall"
    " operation einnahme dosis empfehlung kontrolle termin wiedervorstellung zusammenfassung procedere status jahre"
    " jahr monate"
    " monat woche wochen tag tage uhr stunde stunden minuten schmerz schmerzen fieber husten atemnot schwindel"
    " uebelkeit diabetes"
    " mellitus hypertonie herzinfarkt schlaganfall krebs asthma demenz depression tod telefonisch schriftlich nummer nr"
    " le la les l un une des du de et ou mais donc car ni ne pas sans avec pour par sur sous dans chez vers depuis"
    " apres avant"
    " pendant il elle ils elles je nous vous on ce cet cette ces son sa ses mon ma mes notre nos votre vos leur"
    " leurs qui que"
    " quoi dont ou si comme quand madame monsieur messieurs mesdames cher chere confrere consoeur docteur patiente"
    " compte rendu"
    " consultation hospitalisation examen examens resultat resultats conclusion indication antecedents traitement"
    " diagnostic"
    " motif histoire clinique biologie imagerie scanner irm radiographie echographie service unite medecin medecine"
    " chirurgie"
    " cardiologie neurologie oncologie secretariat adresse telephone courriel date naissance nee ne sexe homme"
    " femme dossier"
    " objet concerne copie page facture montant lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier"
    " mars avril"
    " mai juin juillet aout septembre octobre novembre decembre cordialement bien amicalement confraternellement"
    " salutations"
    " diabete maladie syndrome signe epreuve absence ecole maman papa merci bonjour prescription ordonnance"
    " renseignements"
    " questions praticien hospitalier chef assistant prelevement bilan hemoglobine valide"
    " el la los las un una unos unas y o pero ni no sin con por para sobre bajo en desde hasta tras ante segun del"
    " al se su sus"
    " mi mis nuestro nuestra este esta estos estas ese esa que quien cual cuando donde como si ya hoy ayer manana"
    " paciente"
    " estimado estimada doctor doctora companero companera informe alta ingreso consulta motivo antecedentes"
    " exploracion"
    " diagnostico tratamiento evolucion juicio clinico plan pruebas resultado resultados analitica servicio unidad"
    " medicina"
    " cirugia cardiologia neurologia medico medica medicos fecha nacimiento sexo hombre mujer edad direccion"
    " telefono correo"
    " historia numero identificacion domicilio factura importe copia pagina lunes martes miercoles jueves viernes"
    " sabado domingo"
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre atentamente cordial"
    " cordialmente"
    " saludo saludos gracias ruego radiografia ecografia resonancia hemograma enfermedad sindrome signo prueba"
    " escala encefalopatia"
    " valor rango unidades normal observaciones comentario volante derivacion cargo dudas titular poliza hospital"
    " clinica centro"
    " enterprise inc ltd gmbh ag kg sa sl sarl sas sau llc plc"
    " st saint street road avenue lane drive flat apt suite floor strasse weg platz gasse rue calle plaza avenida"
    " chat export message messages nachricht nachrichten pump icd cpt snomed loinc iban bic swift"
    " pt pat hd dg ap tto electronically gmc hosp seite aw rv fw fwd specimen skin antenatal record records"
    " cartilla embarazo carnet maternite volante enfermeria domiciliaria anatomia patologica mutterpass auszug"
    " muestra samu gartentor winter anruf umzug schule gaertnerin domiciliee fdo summary sheet request form"
    " certificate attestation certificat attest ueberweisung arztbrief entlassungsbrief laborbefund rezept"
    " verordnung receta informe kontakt griffkraft durchschrift encounter pat nhc rv aw radiology ann arbor aquacel"
    " in rapport protokoll statement clinical"
)
_SHAPE: Final = re.compile(
    r"(?:itis|osis|oses|ose|osen|emia|aemia|aemie|emie|oma|ome|om|omas|pathy|pathie|patia|ectomy|ektomie|ectomie"
    r"|ectomia|scopy"
    r"|skopie|scopie|scopia|graphy|graphie|grafie|grafia|gramm?|gramme|grama|metrie|metry|metria|logy|logie|logia"
    r"|logue|logist"
    r"|login|ologe|tion|tionen|cion|sion|sionen|ment|ments|keit|heit|schaft|ung|ungen|taet|ismus|isme|ism|ismo|krebs"
    r"|infarkt|schmerz|schmerzen|erkrankung|krankheit|syndrom|syndrome|syndromes|stoerung|insuffizienz|schwaeche"
    r"|verletzung"
    r"|untersuchung|therapie|therapy|therapia|terapia|statin|sartan|pril|olol|azol|azole|mycin|cillin|cilline"
    r"|cilina|xaban"
    r"|parin|mab|tinib|gliptin|glifozin|flozin|formin|prazol|prazole|dipin|dipine|pam|lam|ide|amid|amide|icum|icus"
    r"|ale|ical"
    r"|iques?|ales|able|ible|lich|liche|lichen|ische|ischen|ischer|isches|ness|ness|ship|age|ance|ence|ancia|encia"
    r"|dad|idad"
    r"|werte?|spiegel|druck|frequenz|karte|klinik|klinikum|krankenhaus|spital|praxis|zentrum|heim|kasse"
    r"|versicherung|station"
    r"|therapeut|therapeutin|arzt|aerztin|aerzte|meister|helferin|arbeiterin|arbeiter|pflege|dienst|amt|stelle"
    r"|ambulanz|termin"
    r"|gefuehl|zeichen|versuch|test|reflex|manoever|bild|brief|bericht|befund|blatt|bogen|schein|nummer|datum|dosis"
    r"|tablette"
    r"|tabletten|kapseln|tropfen|spritze|salbe|bein|arm|hand|fuss|knie|huefte|schulter|wirbel|gelenk|knochen|muskel"
    r"|nerv"
    r"|arterie|vene|herz|lunge|leber|niere|magen|darm|blase|haut|auge|ohr|nase|zahn|zaehne|ernaehrung|schlaf|fieber"
    r"|husten)\Z"
)
# So short a word is no term of medicine for its ending alone.
_SHAPED_FROM: Final = 6
_MAX_LENGTH: Final = 30


_NEVER: Final = _NO_NAMES | RELATIONS | TITLES | frozenset(MONTHS)


@lru_cache(maxsize=16_384)
def is_no_name(plain: str, *, is_sure: bool) -> bool:
    """Whether a word that is written with a capital stands for something else than a person.

    Where a person's name must follow (``is_sure``), what is a name besides is one, and an ending says nothing.
    """
    if len(plain) > _MAX_LENGTH:
        return True
    if plain in _NEVER:
        return not (is_sure and plain in ALSO_WORDS)
    return not is_sure and len(plain) >= _SHAPED_FROM and bool(_SHAPE.search(plain))
