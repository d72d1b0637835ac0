"""In what role a name or a date stands on a paper, by the words beside it: the patient's, or somebody else's.

The words are compared in small letters without accents (``folded``), place by place the same as the text.
"""

import re
from collections.abc import Iterable
from typing import Final

from cases.domain.documents.name_spelling import composed
from config.kernel.accents import unaccented_in_place


class _Folding(dict[int, str]):
    """Each sign with its one small letter without accents; syllables of Korean and marks stay whole."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = unaccented_in_place(letter) if code < 0x1100 or 0x1E00 <= code < 0x2000 else letter
        self[code] = {"ı": "i", "ς": "σ"}.get(plain, plain.lower()[:1] or letter)
        return self[code]


_FOLDING: Final = _Folding()


def folded(text: str) -> str:
    """Small, without accents, every sign in its place."""
    return text.translate(_FOLDING)


def _words(text: str) -> str:
    """Whole words, each spelt as ``folded`` spells it; those of scripts without blanks anywhere."""
    words = sorted({folded(composed(word.strip())) for word in text.replace("\n", ",").split(",") if word.strip()})
    spaced = [word for word in words if not _UNSPACED.match(word)]
    unspaced = [word for word in words if _UNSPACED.match(word)]
    found = [rf"(?<![^\W\d_])(?:{any_of(spaced)})(?![^\W\d_])"] if spaced else []
    return "|".join([*found, any_of(unspaced)] if unspaced else found)


def any_of(words: Iterable[str]) -> str:
    """The longest of the words, letter by letter: each place of a text is compared with the letters that go on there,
    not with every word of a list."""
    behind: dict[str, list[str]] = {}
    for word in words:
        behind.setdefault(word[:1], []).append(word[1:])
    ends = behind.pop("", None) is not None
    ways = "|".join(re.escape(letter) + any_of(rest) for letter, rest in behind.items())
    return f"(?:{ways})?" if ends and ways else f"(?:{ways})" if len(behind) > 1 else ways


_UNSPACED: Final = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_PATIENT = """
patient,patientin,patiente,patienten,patient name,patient's name,patient’s name,patientenname,pt,name,full name,
name of patient,nom,nom du patient,
nom de la patiente,nom et prenom,nombre,nombre y apellidos,apellidos y nombre,paciente,pacient,pacientka,
paziente,utente,assistito,cliente,client,usager,
nume,nume si prenume,numele,numele si prenumele,prenume,prenumele,pacienta,
naam,navn,namn,nama,pasient,pacjent,pacjentka,pesakit,beteg,beteg neve,hasta,hasta adi,hastanin adi,adi soyadi,
ho ten,ho va ten,resident,re,regarding,
concerning,betreff,betrifft,betr,concerne,asunto,we report on,report on,wir berichten uber,berichten wir uber,
child,kind,enfant,nino,nina,bambino,crianca,
medikationsplan fur,versicherter,versicherte,nachname,familienname,vorname,surname,last name,first name,
family name,given name,given names,forename,
prenom,apellidos,cognome,nome,female patient,male patient,
пациент,пациентка,пац,больной,больная,фио,ф. и. о. пациента,ф.и.о,ребенок,дитина,паціент,паціентка,ім'я,име,імя,
ασθενης,ονοματεπωνυμο,ονομα,ονομα ασθενους,νεογνο,שם,שם המטופל,שם מטופל,מטופל,מטופלת,המטופל,המטופלת,חולה,ילד,ילדה,
اسم المريض,المريض,المريضة,مريض,الاسم,اسم,الطفل,الطفلة,بيمار,بیمار,نام,نام بیمار,مریض,مریضہ,نام مریض,
रोगी का नाम,रोगी,मरीज,मरीज का नाम,नाम,रुग्ण,रुग्णाचे नाव,बिरामी,बिरामीको नाम,
姓名,患者,病人,受种者,氏名,患者名,儿童,児,성명,환자,환자명,이름,환아,검체,ชื่อ,ผู้ป่วย,ชื่อผู้ป่วย
"""
_RELATIVE = """
mother,father,parent,parents,guardian,guarantor,next of kin,nok,kin,contact,emergency contact,contact person,
wife,husband,spouse,partner,son of,daughter of,
son:,daughter:,brother,sister,sibling,carer,caregiver,subscriber,policy holder,policyholder,account holder,
responsible party,accompanied by,informant,consent,
witness,donor,c/o,s/o,d/o,w/o,your late husband,mother's name,father's name,mother’s name,maternal,mum,mom,dad,
grandmother,grandfather,aunt,uncle,
mutter,vater,eltern,kindsmutter,kindesmutter,sorgeberechtigt,sorgeberechtigte,sorgeberechtigter,
erziehungsberechtigte,vormund,betreuer,betreuerin,ehemann,
ehefrau,gatte,gattin,lebenspartner,lebensgefahrte,angehorige,angehoriger,kontakt,kontaktperson,ansprechpartner,
ansprechpartnerin,notfallkontakt,
hauptversicherter,hauptversicherte,versicherungsnehmer,rechnungsempfanger,schwester,bruder,sohn,tochter,
begleitperson,in begleitung,
mere,pere,parents,tuteur,tutrice,conjoint,conjointe,epoux,epouse de,mari,femme de,personne a joindre,
personne a prevenir,personne de confiance,contact,
titulaire,fils de,fille de,frere,soeur,accompagnant,madre,padre,tutor,tutora,conyuge,esposo,esposa,marido,
acompanante,contacto,familiar,titular,hijo de,
hija de,hermano,hermana,mae,pai,responsavel,acompanhante,conjuge,filho de,filha de,coniuge,moglie,marito,
figlio di,figlia di,genitore,moeder,vader,
contactpersoon,echtgenoot,matka,ojciec,zona:,maz:,opiekun,kontaktni osoba,manzel,manzelka,otec,mor:,far:,
parorende,anhorig,anne adi,baba adi,esi:,
yakini,anyja,anyja neve,apja,мать,отец,муж,жена,брат,сестра,представитель,доверенное лицо,контактное лицо,
родственник,опекун,законный представитель,
мама,папа,мати,батько,майка,баща,мајка,отац,μητερα,πατερας,συζυγος,ατομο επικοινωνιας,κηδεμονας,συνοδος,אם,אב,
אמא,אבא,הורה,מלווה,אפוטרופוס,איש קשר,
بن,ابن,بنت,الام,الأم,والدة,والد,الاب,الأب,الولي,ولي الامر,ولي الأمر,الزوج,الزوجة,زوجة,زوج,مرافق,المرافق,
جهة الاتصال,مادر,پدر,همسر,فرزند,زوجہ,دختر,ولد,
والدہ,بنت,माता,पिता,पति,पत्नी,पुत्र,पुत्री,अभिभावक,आई,वडील,母亲,父亲,母親,父親,联系人,聯絡人,家属,监护人,陪同,
其兄,其弟,其姐,其妹,母:,父:,母：,保護者,続柄,緊急連絡先,
보호자,어머니,아버지,연락처,มารดา,บิดา,ผู้ติดต่อ,ผู้ปกครอง,บุตร,สามี,ภรรยา,ญาติ
"""
_SIGNER = """
doctor,physician,consultant,surgeon,radiologist,pathologist,cardiologist,radiographer,nurse,signed,signed by,
signature,electronically signed,reported by,
verified,verified by,verified electronically,validated by,authorised by,authorized by,approved by,released by,
referred by,referred,referring,referring physician,referrer,gp,attending,ordered by,
requested by,requesting,dictated by,performed by,seen by,examined by,cc,copy,copy to,provider,clinician,midwife,
pharmacist,technician,technologist,therapist,
interpreter,interpreted by,prepared by,pcp,author,arzt,arztin,hausarzt,hausarztin,uberweiser,uberweiserin,
zuweiser,zuweiserin,einsender,unterschrift,gez,
chefarzt,chefarztin,oberarzt,oberarztin,assistenzarzt,stationsarzt,validiert,freigegeben,befundet,befunder,
pflege:,pflegekraft,kopie,nachrichtlich,behandelnder arzt,
medecin,docteur,prescripteur,signe,signe par,valide par,infirmier,infirmiere,redige par,redacteur,adresse par,
medico,medica,doctora,firmado,fdo,validado,
validado por,enfermero,enfermera,solicitante,facultativo,remitente,medico tratante,firma,infermiere,infermiera,
referto validato,arts,huisarts,gevalideerd,
verpleegkundige,lekarz,pielegniarka,orvos,validalta,uzm,hekim,doktor,hemsire,lakare,lege:,fastlege:,sykepleier,
lekar,mudr,sestra:,врач,лечащий врач,доктор,
медсестра,подпись,направил,направивший,заведующий,зав,лікар,лiкар,медична сестра,лекар,ιατρος,ο ιατρος,γιατρος,
παραπεμπων,παραπεμπων ιατρος,νοσηλευτης,
νοσηλευτρια,υπογραφη,רופא,רופאה,אחות,חתימה,מפנה,מאת,الطبيب,الطبيب المعالج,طبيب,دكتور,الدكتور,د,التوقيع,ممرض,
ممرضة,اخصائي,أخصائي,أخصائي المختبر,پزشک,دکتر,
پرستار,ڈاکٹر,डॉ,डा,डॉक्टर,चिकित्सक,नर्स,हस्ताक्षर,ट्रस्टी,医师,医生,主治,审核,审核者,护士,检验者,签名,報告医師,
报告医师,主治医,担当医,医師,看護師,検査技師,紹介元,紹介医,
담당의,의사,주치의,간호,검사자,판독의,의뢰의,แพทย์,นพ,พญ,พยาบาล,ผู้รายงาน,เภสัชกร
"""
_TITLE = 'dr,dres,prof,dra,drs,md,dott,dottssa,dott.ssa,др,д-р,ד"ר,ד״ר,פרופ,دكتور,oa,sister,sr.,schwester'
_BEHIND = """
md,m.d,rn,do,np,pa,frcp,frcs,phd,mbbs,(wife),(husband),(mother),(father),(son),(daughter),(brother),(sister),
(spouse),(partner),(guarantor),(madre),(padre),
(hijo),(hija),(esposa),(esposo),(mere),(pere),(fils),(fille),(mutter),(vater),(ehemann),(ehefrau),(sohn),
(tochter),(mae),(pai),(υιος),(κορη),(בעל),(אשה),
(אישה),(אם),(父亲),(母亲),(父),(母),(모),(부),manzel,manzelka,consultant,radiologist,belgyogyasz,facharzt,
facharztin,先生 御侍史,先生,医师,医生,陪同,
ward,wing,pavilion,hospital,hospice,clinic,family clinic,medical centre,medical center,health centre,foundation,
institute,centre,center,memorial,school,
street,road,avenue,lane,strasse,straße,str,platz,allee,weg,ring,apotheke,klinik,krankenhaus,haus,stiftung,
legesenter,記念病院,病院,医院,医院,大学,路,街,通り,
병원,의원,대로,로,स्मृति,चिकित्सालय,मार्ग,अस्पताल,trust,surgery,practice,praxis
"""
_PLACE = """
hospital,hopital,hospice,clinic,clinique,clinica,klinik,krankenhaus,clinico,instituto,institute,institut,
ospedale,poliambulatorio,via,viale,piazza,rue,avenue,place,boulevard,
calle,c/,avda,plaza,paseo,street,road,strasse,ward,foundation,centro,center,centre,school,ecole,escuela,
university,pavilion,улица,ул,им,имени,імені,iмени,бульв,
бул,проспект,больница,университет,οδος,νοσοκομειο,רחוב,רח',רח,ע"ש,ע״ש,קמפוס,בית חולים,مستشفى,شارع,طريق,مركز,
جامعة,अस्पताल,मार्ग,โรงพยาบาล,ถนน,c.s,st
"""
_BIRTH = """
date of birth,birth date,birthdate,birth,dob,d.o.b,d. o. b,born,born on,b,geburtsdatum,geb,geb.-dat,geboren,
geboren am,geb. am,geburtstag,date de naissance,ne le,
nee le,ne(e) le,ne,nee,ddn,d.d.n,fecha de nacimiento,fecha de nac,f. nac,f.nac,f. de nac,nac,nacido,nacida,
nacido el,nacida el,fn,data de nascimento,data nasc,nasc,
dn,nascido,nascida,data di nascita,nato il,nata il,nato,nata,geboortedatum,gebdat,ur,data urodzenia,urodzony,
urodzona,szul,szuletett,nar,datum narozeni,narozen,narozena,
fodt,fodd,fodelsedatum,f,personnummer,cpr,d.t,dogum tarihi,ngay sinh,nam sinh,tgl lahir,tanggal lahir,lahir,
data naix,data nasterii,nascut la,nascuta la,nascut,nascuda,dat. nar,datum rodenja,roden,rodena,
дата рождения,д.р,д. р,др,г. р,г.р,родился,родилась,рожд,дата народження,народився,народилася,дата на раждане,
роден,родена,рођен,рођена,датум рођења,
ημ. γεν,ημ.γεν,ημερομηνια γεννησης,γεν,γεννηθεις,γεννηθεντα,γεννηθεισα,γεννησης,ת. לידה,ת.ל,תאריך לידה,נולד,
נולדה,יליד,ילידת,לידה,
تاريخ الميلاد,الميلاد,مواليد,مولود,مولود في,مولودة,م,تاريخ الولادة,تولد,تاریخ تولد,متولد,تاریخ پیدائش,जन्म,
जन्म तिथि,जन्मतिथि,जन्मदिन,जन्मतारीख,
出生日期,出生,生年月日,생년월일,생일,วันเกิด,เกิด,เกิดวันที่
"""
_VISIT = """
visit,seen,printed,print,date,reported,report,collected,collection,specimen,sample,received,issued,admitted,
admission,discharged,appointment,exam,examination,
performed,signed,verified,next,valid,expires,expiry,delivered,datum,befunddatum,druck,gedruckt,entnahme,eingang,
aufnahme,entlassung,termin,untersuchung,am,
date d'examen,edite le,imprime,preleve,le,fecha,fecha de informe,informe,impreso,toma,ingreso,alta,cita,data,
data referto,emitido em,emitido,referto,stampato,
дата выдачи,дата,выдан,прием,ημερομηνια,ημερομηνια εξετασης,ημερομηνια εκδοσης,תאריך הדפסה,תאריך,تاريخ الطباعة,
تاريخ,رپورٹ,रिपोर्ट दिनांक,दिनांक,打印日期,日期,采样,
印刷日,検査日,採取日,出力日,출력일,채취일,검사일,วันที่พิมพ์,วันที่,subscriber dob
"""
_BABY = """
baby,baby boy,baby girl,baby of,babyboy,babygirl,newborn,infant,infant of,neonate,boy,girl,neugeborenes,
neugeborene,neugeborener,knabe,madchen,saugling,nouveau-ne,
nouveau ne,bebe,bebe de,recien nacido,recien nacida,rn de,neonato,neonata,recem-nascido,noworodek,новорожденный,
новорожденная,сын,дочь,мальчик,девочка,
νεογνο,αρρεν,תינוק,תינוקת,בן של,בת של,مولود جديد,رضيع,बेबी,बेबी ऑफ,नवजात,ベビー,新生児,新生儿,之子,之女,아기,
신생아,บุตร,บุตรนาง,ทารก
"""
_TWIN = """
twin,twins,triplet,zwilling,drilling,jumeau,jumelle,gemelo,gemela,gemello,gemella,двойня,близнец,תאום,תאומה,
توأم,双胞胎,双子,쌍둥이,แฝด
"""
_CLOSING = """
sincerely,yours sincerely,yours faithfully,kind regards,best regards,regards,mit freundlichen grußen,
mit freundlichen gruben,mit kollegialen grußen,freundliche gruße,hochachtungsvoll,
mit freundlichem gruß,cordialement,bien confraternellement,confraternellement,veuillez agreer,atentamente,
un cordial saludo,saludos,cordialmente,distinti saluti,
cordiali saluti,met vriendelijke groet,atenciosamente,z powazaniem,с уважением,med vennlig hilsen,
med vanliga halsningar,saygilarimla,με εκτιμηση,בברכה,敬具,signed
"""
_FEMALE = """
female,f,weiblich,w,frau,femenino,femenina,mujer,feminin,femme,femminile,femmina,feminino,vrouw,kobieta,zensky,
kvinna,kvinne,kadin,жен,женский,ж,жіноча,жiн,θηλυ,θ,נקבה,נ,أنثى,انثى,زن,عورت,महिला,स्त्री,女,女児,여,여자,
หญิง,เพศหญิง,girl,baby girl,madchen,fille,nina,bambina,תינוקת,девочка,дочь,之女,w(eiblich),m(ujer)
"""
_MALE = """
male,m,mannlich,mann,masculino,varon,hombre,masculin,homme,maschile,maschio,man,mezczyzna,muzsky,mann,erkek,
муж,мужской,чоловіча,м,αρρεν,זכר,ז,ذكر,مرد,पुरुष,पु,男,男児,남,남자,ชาย,เพศชาย,boy,baby boy,knabe,garcon,
nino,bambino,תינוק,мальчик,сын,之子,he/him
"""
_MISTER = """
mr,herr,herrn,hr,sig,signor,senor,don,monsieur,mister,dhr,de heer,pan,г-н,κ,κος,מר,السيد,श्री,นาย,ด.ช,master
"""
_MISSES = """
mrs,ms,miss,frau,fr,mme,mlle,madame,sra,senora,dona,sig.ra,signora,sigra,mw,mevrouw,pani,г-жа,κα,גב',גב,السيدة,
الآنسة,श्रीमती,सौ,นาง,น.ส,ด.ญ,นางสาว,lady,ny,nn
"""

_CHILD_OF = """
son of,daughter of,child of,wife of,s/o,d/o,w/o,c/o,sohn von,tochter von,fils de,fille de,hijo de,hija de,
filho de,filha de,figlio di,figlia di,
पुत्र,पुत्री,पत्नी,زوجہ,دختر,ولد,בן של,בת של,บุตร,之子,之女
"""
_SIGNS = """
consultant,facharzt,facharztin,oberarzt,oberarztin,chefarzt,chefarztin,assistenzarzt,arzt,arztin,physician,
surgeon,radiologist,pathologist,cardiologist,
medical director,registrar,resident physician,nurse,general practitioner,gp,md,medecin,medico,medica,doctor,
doctora,praticien,chef de service,jefe de servicio,
professor,prof,врач,ιατρος,רופא,医師,医师,의사
"""

PATIENT: Final = re.compile(_words(_PATIENT))
OTHER: Final = re.compile("|".join((_words(_RELATIVE), _words(_SIGNER), _words(_TITLE))))
TITLE: Final = re.compile(rf"(?:{_words(_TITLE)})[.\s]{{0,3}}(?:med|phil)?[.\s]{{0,3}}$")
BEHIND: Final = re.compile(
    rf"[\s,.\-–—’']{{0,3}}(?:and |y )?(?:{_words(_BEHIND).replace('(?<![^' + chr(92) + 'W' + chr(92) + 'd_])', '')})"
)
PLACE: Final = re.compile(rf"(?:{_words(_PLACE)})[.,:\s\-]{{0,4}}(?:\w{{1,12}}\.?\s){{0,1}}$")
BIRTH: Final = re.compile(_words(_BIRTH) + r"|(?<!\w)\*")
VISIT: Final = re.compile(_words(_VISIT))
BABY: Final = re.compile(_words(_BABY))
TWIN: Final = re.compile(_words(_TWIN) + r"|(?:baby|knabe|madchen|boy|girl)[^\n]{0,24}?\b(?:a|b|c|i{1,3}|1|2|3)\b")
CLOSING: Final = re.compile(r"^\W*(?:" + _words(_CLOSING) + ")")
FEMALE: Final = re.compile(_words(_FEMALE))
MALE: Final = re.compile(_words(_MALE))
MISTER: Final = re.compile(rf"(?:{_words(_MISTER)})[.\s]{{0,3}}$")
MISSES: Final = re.compile(rf"(?:{_words(_MISSES)})[.\s]{{0,3}}$")
CHILD_OF: Final = re.compile(_words(_CHILD_OF))
SIGNS: Final = re.compile(rf"\W*(?:{_words(_SIGNS)})")
