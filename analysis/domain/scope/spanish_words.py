"""What says of a phrase how it is meant, in Spanish. How phrases are written: ``scope/triggers.py``."""

PHRASES = {
    "no": """
        no; ni; sin; nunca; jamás; tampoco; ausencia de; ningún; ninguna; sin datos de; sin signos de; sin evidencia de;
        no hay; no hubo; carece de signos; en ausencia de; no se; no ha; descarta; descartó; excluye; ya no; no existen
        motivos; descartada la; descartado el; descartados los; descartadas las; desestimad* la|el; desestimad* la
        hipótesis de; pero no; exento de; refuta; carece de; carecen de; ausencia total de; ausencia completa de; sin
        indicios de; sin indicio de; sin hallazgos de; sin rastro de; sin presencia de; sin clínica de; sin criterios
        de; sin evidencias de; nada de; ningunos; ningunas; ante la ausencia de; la ausencia de; ante ausencia de; por
        ausencia de; no impresiona de; no sugestiv* de; no compatible con; no compatibles con; exentos de; exentas de;
        indemne de; indemnes de; no hay constancia de; no ha vuelto a presentar; no ha vuelto a tener; no han vuelto a
        presentar
    """,
    "denies": """
        niega; niegan; negó; negaba; negando; negativo para; negativos para; negativa para; libre de; exento de; exenta
        de; descarta; descartó; excluye; deniega; desmiente; descartan; descartaron; descartando; excluyen; excluyó;
        excluyendo; permite descartar|excluir; permitió descartar|excluir; permiten descartar|excluir; se descarta; se
        descartan; se descartó; se descartaron; se excluye; se excluyen; libres de; exentos de; negativas para; negativo
        a; negativa a; se desestima; se desestimó; negatividad para; refuta; refutan; desestima; desestiman; rechaza
        tener|haber|presentar; niega tener|haber|presentar
    """,
    "absent": """
        descartad*; excluid*; refutad*; negativ*; ausente; ausentes; negad*; desestimad*; no se encontró; no se
        encontraron; no se confirm*; no confirmad*; no ~ confirm*; no pudo mantenerse; no pudo ~ confirm*; no ~
        demostr*; no ~ objetiv*; no ~ observ*; no ~ evidenci*; no ~ apreci*; no se ha encontrado; no se halló; no se
        hallaron; no .; no ,; no ;; nunca .; nunca ,; nunca ;; ninguno; ninguna .; ninguna ,; no hay; no existe; no
        palpable*; no visible*; no detectad*; no presente*; improbable; rechazad*; no ~ sostener*; no identificad*; no
        evidenciad*; no demostrad*; no objetivad*; no apreciad*; no hallad*; no encontrad*; no observad*; no ~
        identific*; no ~ detect*; no ~ hallad*; no ~ encontrad*; no ~ visualiz*; no ~ constat*; no ~ sospech*;
        indetectable*; inexistente*; poco probable*; no referid*; no palpad*; no existen; no aparece; no aparecen; no
        consta; no constan; no ~ repetid*; no ~ reaparecid*; no ~ recidivad*; no ~ reproducid*; no ~ recurrid*; no
        constatad*; no han vuelto
    """,
    "stop": """
        suspendid*; suspender; suspende; suspendió; se suspende; se suspendió; suspensión de*; retirad*; retirar;
        retira; retiró; retirada de*; dejó; deja de tomar; dejó de tomar; dejar de tomar; abandonó; interrumpió;
        interrumpir; interrupción de*; cambió; cambia; cambio de; se cambió; en lugar de; en vez de; sustituid*;
        sustituyó; sustitución de*; rechaza; rechazó; evitar; evitará; evite; evitando; omitió; omitir; omite; alérgic*
        a; alergia a; intolerancia a; intolerante a; no toma; ya no toma; no está tomando; no tolera; no tolerar; nunca
        ha tomado|recibido; no se inició; no iniciar; contraindicad*; discontinuar; pausar; descontinuar; no ha vuelto a
        tomar; desaconseja*; no está en tratamiento con; no en tratamiento con; sin tratamiento con; nunca tratad* con;
        no tratad* con; nunca tomó; nunca recibió; nunca ha recibido; nunca ha tomado; no ha recibido; no recibe; no
        recibió; no ha precisado; no precisa; no precisó; no requiere; no requirió; no usa; no utiliza; no consume; se
        retira; se retiró; se interrumpe; se interrumpió; se sustituye; se sustituyó; se desaconseja; renuncia a; no
        desea; no acepta; declina; declinó; deja; no se administra; no se administró; no se prescribe; no se pauta; no
        iniciamos; se evita; suspendemos; retiramos; cambiamos; sustituimos; ya no está con; ya no recibe; ya no usa; se
        descarta iniciar; sin necesidad de; abandona; abandonan; interrumpe; contraindicación de|para|a; abandonó por su
        cuenta; dejó por su cuenta; suspendió por su cuenta; interrumpió por su cuenta; dejó de tomar por su cuenta; en
        sustitución de*; en reemplazo de*; ha dejado de tomar; ha dejado; ha suspendido; ha abandonado; hemos
        suspendido|retirado|interrumpido; se decide suspender|retirar; se decidió suspender|retirar
    """,
    "stopped": """
        suspendid*; retirad*; interrumpid*; discontinuad*; pausad*; contraindicad*; sustituid*; reemplazad*; abandonad*;
        rechazad*; no toleró; no tolerad*; mal tolerad*; que no aceptó; no aceptó; omitid*; evitad*; no iniciad*; no
        indicad*; nunca iniciad*; no recibid*; no prescrit*; no pautad*; desaconsejad*; alergia; intolerancia; cesad*;
        no administrad*; ya no; en pausa; eliminad*; desestimad*; no usad*; no tomad*; no utilizad*; no precisad*;
        declinad*; prohibid*; está contraindicad*; queda suspendid*; nunca se administró; no se administró; no se
        inició; no fue tolerad*; no ~ tolerad*; fue retirad*; se suspende .; se suspende ,; se suspende por; se
        suspendió .; se suspendió ,; se suspendió por; se retira .; se retira ,; se retira por; se retiró .; se retiró
        ,; se retiró por; se interrumpe .; se interrumpe ,; se interrumpe por; se interrumpió .; se interrumpió ,; se
        interrumpió por
    """,
    "affirm": """
        presente; presentes; sí; positiv*; continúa; sigue; se mantiene; sin cambios; mantenid*; persiste; igual;
        confirmad*; continuar
    """,
    "begun": """
        aumentad*; iniciad*; añadid*; introducid*; pautad*; reintroducid*
    """,
    "pseudo": """
        no solo; no sólo; no solamente; no ha aumentado; no aumenta; no cabe duda; no hay duda; no hay motivo para
        dudar; no existe duda; no con poca frecuencia; no pocas veces; no está claro; no se sabe; no niega; no cede; no
        cede con; no ~ cede; no mejora; no ~ mejora; no ha mejorado; no responde a; no responde; no ~ respond*; no ~
        resuelt*; no curada; no curado; no ~ crecido; no ~ controlad*; no controlad*; no se controla; no es raro; no
        rara vez; no obstante; no se aprecia más que; no ~ más que; no se puede descartar; no puede descartarse; no ~
        descartar; no ~ descartars*; no descartad*; no excluid*; no ~ excluir; no ~ descartad*; no suspender; no
        retirar; no puede ~ sin; no duerme sin; no ~ disminuid*; no ha empeorado; no ~ empeorado; no ha cambiado; no ~
        modificad*; pregunta si; médico de familia; médica de familia; medicina de familia; medicina familiar; médico
        familiar; enfermedad actual; sin cambios; no remite; sin éxito; no ~ remit*; sin tratamiento; sin secuelas; no
        deja de; sin cirugía; no ~ desaparecid*; no desaparece; no desaparecen; no ~ remitid*; no es descartable; no
        descartable; no se descarta; no se descartan; no se excluye; no se puede excluir; no excluye; no descarta; no
        permite descartar|excluir; no permiten descartar|excluir; no es posible descartar|excluir; imposible
        descartar|excluir; sin poder descartar|excluir; sin descartar|excluir; no ~ inusual; no ~ infrecuente; no
        únicamente; no termina de; sin mejoría; sin respuesta; sin relación con; no ~ cedid*; no ceden; no mejoran; no
        es desdeñable; no desdeñable; no resuelt*; no curad*; no únicamente; sin resolver; sin resolución; no puede ~
        descartars*; no debe descartars*; no podemos descartar; no puedo descartar
    """,
    "change": """
        sin aumento de*; sin cambios en; sin mejoría de*; sin empeoramiento de*; sin progresión de*; salvo; excepto; no
        ~ que; no hay aumento de*; sin variación de*; no refiere más; no hay contraindicación para; no ~ aumento de*; no
        ~ progresión de*; no ~ empeoramiento de*; no ~ mejoría de*; no ~ cambios en; no ~ crecimiento de*; no ~
        disminución de*; sin crecimiento de*; sin disminución de*; sin reducción de*; sin respuesta de*; sin
        modificación de*; sin modificaciones en; ausencia de progresión de*; ausencia de mejoría de*; a excepción de*;
        con excepción de*; exceptuando; aparte de*; fuera de; estabilidad de*; sin otr* ~ que; no ~ otr* ~ que; a parte
        de*
    """,
    "past": """
        antecedente de; antecedentes de; antecedentes personales; antec . de; ap de; previo; previa; previamente; ex;
        antiguo; antigua; antiguos; de niño; de niña; de joven; en la infancia; en su infancia; de pequeño; operad* de;
        intervenid* de; padeció; pasó; tuvo; historia de; historia previa de; estado post; tras; status post; resuelto
        el; resuelta la; hace # años; hace ~ años; hace # meses; secuelas de; sufrió; en year; recibió; antes;
        desaparición de*; resolución de*; remisión de*; remisión completa de*; curación de*; resuelt* la|el|los|las;
        tratad* de ~ en year
    """,
    "ago": """
        year; ( year; en year; en ~ year; en la infancia; infantil; infantiles; de la infancia; de niño; de niña;
        de joven; hace # años; hace ~ años; hace # meses; hace ~ meses; previo; previa; previos; previas; antigu*;
        en el pasado; en la juventud; en la adolescencia; ya resuelta; ya resuelto; a los # años;
        del embarazo anterior; en el primer embarazo; el primer trimestre; el primer / trimestre;
        en el primer trimestre; el año pasado; de year; en ~ embarazo previo
    """,
    "over": """
        resuelt*; curad*; superad*; desapareció; desaparecid*; ha desaparecido; corregid*; recuperad*; remitió;
        remitieron; erradicad*; cedió; en remisión; desaparecieron; tratada con ablación; no la tiene desde;
        sin recurrencia*; sin recidiva; normalizad*
    """,
    "past_drug": """
        previamente tratad* con; tratamiento previo; tratamiento previo con; antes probó; antes; recibió; tomó;
        tomaba antes; probó; en el pasado; previamente; tratad* anteriormente con
    """,
    "ago_drug": """
        en year; hasta year; completad*; en el pasado; previamente; hace # años; hace ~ años; durante ~ meses
    """,
    "present": """
        hoy; ahora; actual; actualmente; en la actualidad; residual; residuales; persiste; sigue; todavía; aún;
        nuevo; nueva; crónic*; agud*; conocid*; de novo
    """,
    "since": """
        desde; a; para; hasta
    """,
    "kin": """
        antecedentes familiares; antecedente familiar; af; ahf; familia; familiar; familiares; madre; padre; padres;
        hermano; hermana; hermanos; hermanas; tío; tía; tíos; tías; abuelo; abuela; abuelos; abuelas; primo; prima;
        primos; primas; hijo; hija; hijos; hijas; esposo; esposa; marido; su mujer; cónyuge; pareja; suegro; suegra;
        suegros; cuñado; cuñada; yerno; nuera; sobrino; sobrina; sobrinos; sobrinas; nieto; nieta; nietos; nietas;
        hermanastro; hermanastra; madrastra; padrastro; bisabuelo; bisabuela; gemelo; gemela; mellizo; materno;
        materna; paterno; paterna; maternos; paternos; pariente; parientes
    """,
    "informant": """
        KIN refiere|refieren|cuenta|cuentan|comenta|notaron|notó;
        KIN explica|informa|dice|observó|observaron|acude|relata; según ~ KIN; KIN pregunta; vive con ~ KIN;
        acompañad* de|por ~ KIN; por parte de la KIN; motivo familiar; viven con ellos; mujer de #; paciente mujer
    """,
    "patient": """
        paciente; él; ella; niño; niña; el niño; la niña; del niño; el chico; la chica; el paciente; la paciente;
        lactante; del paciente; de la paciente; yo; nosotros
    """,
    "in_kin": """
        en ~ KIN; en la familia; por parte de KIN; ( KIN; de|del ~ KIN; en varios KIN
    """,
    "if": """
        si; en caso de; de continuar; de persistir; de aparecer; ante; cuando aparezca; si hubiera; consultar si;
        acudir si; habría que; en el caso de; de presentar
    """,
    "risk": """
        riesgo de; riesgo elevado de; para descartar; a descartar; descartar; vigilar; prevenir; prevención de;
        profilaxis; profilaxis de; para excluir; excluir; temor a; sospecha ~ a descartar; aparición de; peligro de;
        por si; teme; miedo a
    """,
    "unsure": """
        a descartar; por descartar; debe descartarse; hay que descartar; profilaxis; pendiente de descartar
    """,
    "end": """
        pero; sino; aunque; salvo; excepto; sin embargo; mientras; excepto por; solo; sólo; únicamente; simplemente;
        ahora; sí; además; continúa con; en cambio; por el contrario; a diferencia de; no obstante; si bien;
        contrariamente
    """,
    "verb": """
        es; está; son; tiene; tienen; ha; han; presenta; presentan; refiere; refieren; acude; consulta; consultan;
        muestra; demuestra; se; admite; acepta; continúa; continuar; mantiene; toma; usa; inicia; inició; inicio; trata;
        persiste; aparece; existe; queda; quedó; desarrolló; afirma; confirma; reafirma; observa; hay; notan; nota;
        tolera; sigue; pauta; pautó; introdujo; empezó; cambió; murió; sufre; usar; recibe; introduce; remitieron;
        desapareció; debe; sufría; remitió; estuvo; fue; era; comenzar; comienza; dejaron; empeora; empeoran; mejora;
        irradia; acompaña; asocia; aumenta; disminuye; cede; necesita; precisa; requiere; desarrolla; evidencia; revela;
        objetiva; detecta; aprecia; conserva; aqueja; corresponde; sugiere; provoca; produce; obliga; justifica;
        existen; aparecen; muestran; revelan; describe; desatura
    """,
    "cause": """
        por; debido a; a causa de; tras; ya que; porque; desde; hasta; como; ante; secundari* a; para; antes de
    """,
    "with": """
        con; bajo; desde; tras; durante; a pesar de; en; a; al; por
    """,
    "or": """
        o; u; ni; y; e
    """,
    "heading_past": """
        antecedentes; antecedentes personales; app; amp; antecedentes médicos; antecedentes patológicos;
        enfermedades previas
    """,
    "heading_family": """
        af; ahf; antecedentes familiares; familia; familiares
    """,
    "heading_allergy": """
        alergias; alergias medicamentosas; intolerancias; reacciones adversas
    """,
    "heading": """
        tto; tratamiento; tratamiento actual; medicación; medicación actual; motivo de consulta; motivo actual;
        enfermedad actual; impresión; diagnóstico; exploración; ac; ett; ecografía; juicio clínico; plan; evolución;
        motivo
    """,
}
#: Words that tell the language of a text.
COMMON = """
    el la los las de del y en con por que no se un una su al es para sin como más paciente refiere ni hace
    desde años niega presenta lo le puede pueden ha han está tiene responde este esta ya muy sus fue hay
"""
