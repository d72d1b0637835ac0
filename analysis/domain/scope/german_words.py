"""What says of a phrase how it is meant, in German. How phrases are written: ``scope/triggers.py``."""

PHRASES = {
    "no": """
        kein; keine; keinen; keiner; keinem; keines; nicht; ohne; nie; niemals; weder; noch; keinerlei; keinesfalls;
        fehlend*; kein* hinweis* auf; kein* anhalt für; kein* zeichen; nicht jedoch; jedoch nicht; aber nicht;
        aber kein*; ausschluss von; ausschluss einer|eines; keine indikation für; nicht mehr; nie wieder; statt
    """,
    "denies": """
        verneint; verneinte; verneinen; bestreitet; negiert; frei von; leer bezüglich|für; unauffällig hinsichtlich;
        negativ für|auf
    """,
    "absent": """
        ausgeschlossen; widerlegt; verneint; verneinte; verneinen; negativ; negative; negiert; fehlt; fehlen;
        fehlten; fallen gelassen; fallengelassen; verworfen; entkräftet; besteht|bestand|bestehen|bestanden nicht;
        besteht|bestand|bestehen|bestanden kein* .; besteht|bestand|bestehen|bestanden kein* ,; nicht bestätig*;
        nicht ~ bestätig*; nicht nachweisbar; nicht nachgewiesen; nicht ~ nachgewiesen; nicht erkennbar;
        nicht bekannt; nicht gefunden; nicht ~ gefunden; nicht angegeben; nicht vor; nicht auf; nicht ~ aufgetreten;
        nicht mehr ~ auf; nicht sichtbar; nicht fassbar; nicht ~ belegt; nicht ~ belegen; nicht gehabt;
        nicht vorhanden; nicht ~ gesehen; nicht darstellbar; nicht abgrenzbar;
        nicht mehr sichtbar|nachweisbar|bemerkt|vorhanden|erkennbar; nicht beobachtet; nicht berichtet; keine .;
        keine ,; keine ;; keiner .; kein .; nein; nicht .; nicht ,; nicht ;; nie .; nie ,; ebenso nicht; abwesend;
        abgelehnt; nicht wahrscheinlich; unwahrscheinlich; ebenso; nicht gegeben; nicht ~ halten; nicht feststellbar;
        nicht ~ festgestellt; nicht zu ~ erkennen|sehen|finden; nicht objektivierbar
    """,
    "stop": """
        absetzen von|des|der; abgesetzt; stopp von; auslassen von|des|der; weglassen von|des|der; statt; anstatt;
        anstelle von; wechsel von; umstellung von|der|des; umgestellt von; verzicht auf; lehnt; lehnte;
        ablehnung von|der|des; meiden; vermeiden; allergie gegen|auf; allergisch gegen|auf;
        unverträglichkeit von|gegen; pause von|des|der; pausieren; abgeraten von; pausiert; pausierung von|des|der;
        kein* indikation für; nimmt kein*; nahm kein*; beendigung der|des|von; ersatz von|des|der; verzichte* auf;
        verzichten; ersetzten
    """,
    "stopped": """
        abgesetzt; beendet; pausiert; ausgeschlichen; gestoppt; unterbrochen; entfallen; entfällt; meiden; vermeiden;
        gemieden; abgeraten; verzichtet; weggelassen; ausgelassen; ausgesetzt; ersetzt; umgestellt; kontraindiziert;
        abgelehnt; nicht vertragen; nicht toleriert; nie begonnen; nicht begonnen; nicht ~ begonnen; nicht gegeben;
        nie ~ gegeben; nicht verordnet; nicht verabreicht; nicht eingenommen; nicht ~ eingenommen; nie eingenommen;
        nicht indiziert; nicht mehr ~ genommen; unverträglichkeit; gar nicht; nicht mehr; nicht ein; nicht mehr ein;
        eingestellt worden; nicht erforderlich; nicht notwendig
    """,
    "affirm": """
        vorhanden; ja; weitergegeben; weiter; weitergeführt; fortgeführt; fortgesetzt; fortsetzen; unverändert;
        beibehalten; positiv; persistiert; persistieren; besteht; bestehen; eingeräumt; gibt; bejaht; bestätigt;
        gesichert; weitergeben; weiterführen; bleibt
    """,
    "begun": """
        erhöht; begonnen; gesteigert; angesetzt; hinzugefügt; eingeleitet; neu verordnet; gestartet; eindosiert;
        aufdosiert
    """,
    "pseudo": """
        nicht nur; nicht selten; nicht immer; nicht ausgeschlossen; nicht ~ ausgeschlossen; nicht auszuschließen; nicht
        ~ auszuschließen; nicht sicher ~ ausgeschlossen; nicht ausschließen; nicht auszuschliessen; kein* zweifel an|am;
        kein* zweifel; bestreitet nicht; nicht ausreichend ~ eingestellt; nicht ausreichend; nicht gut ~ eingestellt;
        nicht gebessert; nicht ~ gebessert; nicht rückläufig; nicht abgeklungen; nicht ~ abgeklungen; nicht zugenommen;
        nicht eingeschränkt; nicht kontrolliert; nicht abgesetzt; nicht absetzen; nicht vorgesehen; nicht anzunehmen;
        nicht anspricht; nicht an; nicht gesichert; nicht geheilt; nicht ~ ansprech*; nicht ~ gelindert; nicht
        verändert; nicht vergrößert; noch nicht ~ abgeklungen; noch ein*; noch ~ vorhanden; ist noch; noch leicht*; noch
        vorhanden; noch trocken; nur noch; hausarzt der familie; arzt der familie; familientherap*; familienarzt*;
        familienhelfer*; hausarzt; ohne operation|behandlung|therapie; ohne ~ kann ~ nicht; absetzen ~ nicht vorgesehen;
        spricht nicht ~ an; hilft nicht; spricht|sprechen|sprach|sprachen nicht auf; spricht|sprechen|sprach|sprachen
        nicht ~ an; nicht auf ~ angesprochen; nicht angesprochen
    """,
    "change": """
        kein* zunahme; zunahme de*; kein* besserung; kein* änderung; kein* veränderung; kein* progress*;
        progression de*; progredienz de*; kein* verschlechterung; kein* abnahme; besserung de*; zusammenhang de*;
        kein* ander* ~ als; kein* gegenanzeige*; kein* kontraindikation*; bis auf; kann ~ nicht ~ ohne; absetzen von;
        kein* grund ~ abzusetzen
    """,
    "past": """
        z . n .; z . n; zustand nach; st . p .; st . p; status nach; früher; frühere; früheren; früherer; ehemalig*;
        anamnestisch; vormals; alte; alter; altes; alten; ältere; älterer; älteres; stattgehabt*; durchgemacht*;
        zuletzt; verschwanden; verschwand; in der kindheit; als kind; als jugendliche*; als student*; damals;
        vor # jahr*; vor # monat*; vor ~ jahren; im vorjahr; in der vorgeschichte; bekannte* ~ operiert; abgelaufen*
    """,
    "ago": """
        year; # / year; in der kindheit; als kind; als jugendliche*; als student*; als säugling; vor # jahr*;
        vor # monat*; vor ~ jahren; vor ~ monaten; letztes jahr; im vorjahr; früher; damals; in der jugend; bis year;
        durchgemacht; in der vorgeschichte; im säuglingsalter; im kindesalter; gelitten; im ersten trimenon;
        in der ersten schwangerschaft; am # . postoperativen
    """,
    "over": """
        abgeklungen; ausgeheilt; abgeheilt; geheilt; verheilt; überwunden; rückläufig; zurück; aufgelöst;
        normalisiert; verschwanden; verschwunden; entfernt; saniert; eradiziert; klang ~ ab; klang; sistiert*;
        genesen; in remission; verschwand; remittiert*; hinter sich; gebildet
    """,
    "past_drug": """
        früher einnahme; frühere einnahme; frühere therapie; frühere behandlung; früher; therapie mit ~ bis year;
        damals; vorbehandlung mit; vorbehandelt mit; zuvor; zunächst; bis year therapie|behandlung mit; bis year
    """,
    "ago_drug": """
        bis year; von year; year bis year; damals; in der vergangenheit; früher
    """,
    "present": """
        jetzt; aktuell; aktuelle; derzeit; zurzeit; heute; heutige; nun; gegenwärtig; momentan; seither; weiterhin;
        noch; verblieben; residual*; persistierend*; neu; neue; akut*; bekannte; bekannten; bekannter; nur;
        verbleibend*; chronisch*
    """,
    "since": """
        seit
    """,
    "kin": """
        familienanamnese; fa; familie; familiär; familiäre; familiärer; mutter; vater; schwester; bruder; schwestern;
        brüder; brüdern; tante; tanten; onkel; großmutter; großvater; großeltern; grossmutter; grossvater; oma; opa;
        cousin; cousine; cousins; cousinen; vetter; eltern; geschwister; sohn; söhne; tochter; töchter; ehefrau;
        ehemann; seine frau; seiner frau; ihr mann; ihrem mann; ihren mann; ehepartner; partner; partnerin; neffe;
        nichte; schwiegermutter; schwiegervater; schwägerin; schwager; halbbruder; halbschwester; zwillingsbruder;
        zwillingsschwester; zwilling; großtante; großonkel; stiefvater; stiefmutter; stiefbruder; enkel; enkelin;
        enkelkind*; verwandt*; angehörig*; mütterlicherseits; väterlicherseits; urgroß*; lebensgefährt*; kindsmutter;
        kindsvater
    """,
    "informant": """
        KIN berichtet|berichten|berichtete|gibt|bemerkt|bemerkte|schildert|erzählt|sagt|beobachtete|fragt;
        nach angaben ~ KIN; laut ~ KIN; fremdanamnestisch ( KIN; fremdanamnese ( KIN; KIN zufolge;
        in begleitung ~ KIN; sehr geehrte frau; wohnt ~ KIN; KIN wohnt; die familie wohnt; im beisein ~ KIN;
        KIN trinkt; von ~ KIN begleitet
    """,
    "patient": """
        patient; patientin; patienten; pat; sie; er; ihm; selbst; eigene; eigener; eigenes; wir; das kind; der junge;
        das mädchen; säugling; ich; beim patienten; neugeborene*
    """,
    "in_kin": """
        bei ~ KIN; beim KIN; ( KIN; in der familie; in ~ KIN; seitens ~ KIN; de* KIN
    """,
    "if": """
        falls; wenn; sollte; sollten; bei auftreten von|eine*; bei erneuter|erneutem|erneuten; bei etwaig*;
        für den fall; im falle; im fall; bei verdacht auf erneut*; würde; bei persistenz; bei wiederauftreten;
        sofern
    """,
    "risk": """
        gefahr ein*; gefahr de*; gefahr von; risiko für|ein*|de*|von; erhöhtes risiko für; zum ausschluss; z . a .;
        z . a; zur abklärung; droht; drohend*; befürchtet; befürchten; möglichkeit ein*; prophylaxe; vorbeugung;
        achten auf; ausschluss ~ erbeten; um ~ auszuschließen; angst vor
    """,
    "unsure": """
        auszuschließen; auszuschliessen; ausgeschlossen werden soll*; soll ~ ausgeschlossen; prophylaxe; muss ~
        ausgeschlossen; zu befürchten; ist abzuklären; sofort vorstellen; sofort wieder vorstellen; sofort melden;
        umgehend vorstellen; bitte sofort; sofortige vorstellung; umgehende vorstellung; bitte umgehend; sofort in die
        notaufnahme
    """,
    "end": """
        aber; jedoch; sondern; allerdings; außer; ausser; abgesehen von; bis auf; dafür; doch; während; lediglich;
        wohl; nur; vielmehr; stattdessen; gelegentlich
    """,
    "verb": """
        ist; sind; war; waren; hat; haben; hatte; habe; klagt; klagte; berichtet; berichtete; zeigt; zeigte; zeigen;
        gibt; wurde; wurden; werden; wird; besteht; bestehen; bestand; bestanden; nimmt; erhält; finden; findet;
        fanden; fand; treten; trat; leidet; leide; entwickelt*; kam; kann; konnte; konnten; lässt; liegt; führt;
        fortführ*; weiter; weiterhin; beginn; begonnen; läuft; stellt; verwendet; trinkt; isst; sei; seien; kommt;
        sieht; angegeben; bitte; wir; einverstanden; verbleibt; zugunsten; droht; drohen
    """,
    "cause": """
        wegen; aufgrund; bei; infolge; durch; da; weil; nach; trotz; zugunsten
    """,
    "with": """
        mit; zu; auf; durch; gegen; unter; nach; trotz; in; im; beim; an; am; während
    """,
    "or": """
        oder; noch; und; sowie; bzw
    """,
    "heading_past": """
        vorerkrankungen; ve; anamnese; frühere diagnosen; frühere erkrankungen; vordiagnosen; eigenanamnese; ea;
        vorgeschichte
    """,
    "heading_family": """
        fa; familienanamnese; familie; familiär; familiäres
    """,
    "heading_allergy": """
        allergien; allergie; unverträglichkeiten; allergien und unverträglichkeiten
    """,
    "heading": """
        medikation; med; medikamente; aktuelle medikation; aktuell; jetzt; diagnosen; diagnose; befund; beurteilung;
        patient; pat; jetzige beschwerden; aktuelle beschwerden; echo; labor; lokalbefund; therapie; procedere;
        verlauf; impfstatus; medikamentenpause
    """,
}
#: Words that tell the language of a text.
COMMON = """
    weder noch bis kein der die das und ist nicht mit bei eine einer ein im dem den des zu von seit wurde hat
    sich auf unter nach keine oder für sie er an wegen als auch vor zur am rechts links
"""
