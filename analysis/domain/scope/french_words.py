"""What says of a phrase how it is meant, in French. How phrases are written: ``scope/triggers.py``."""

PHRASES = {
    "no": """
        pas; pas de; pas d; sans; aucun; aucune; ni; jamais; jamais de; absence de|d; plus de|d; aucun élément pour;
        aucun argument pour; pas d ' argument pour; pas d ' argument en faveur de|d; rien n ' autorise à; rien; non; ne
        ~ pas; n ~ pas; n ~ plus; ne ~ plus; n ~ jamais; ne ~ aucun*; n ~ ni; pas encore de; écarte; élimine; exclut;
        réfute; infirme; rien ne permet|autorise; pas sous; dépourvu* de; absence totale de|d; absence complète de|d;
        absence de signe* de|d; absence d ' argument*; sans notion de|d; sans signe* de|d; sans argument* pour; sans
        évidence de|d; sans trace de|d; pas la moindre; pas le moindre; nul; nulle; aucunement; nullement; n ' évoque
        pas; pas en faveur de|d|du|des; vierge de|d|du; carence de preuve; l ' absence de|d; devant l ' absence de|d;
        pas d ' argument ~ pour; pas d ' argument ~ ni ~ pour; aucun argument ~ pour; aucun argument ~ ni ~ pour; aucun
        élément ~ pour; sans argument ~ pour; pas d ' élément ~ pour; pas d ' élément en faveur de|d|du; aucun élément
        en faveur de|d|du; aucun argument en faveur de|d|du; aucun signe en faveur de|d|du; pas de signe en faveur
        de|d|du; pas ~ en faveur de|d|du
    """,
    "denies": """
        nie; dément; nient; a nié; indemne de|d; négatif pour; négative pour; négatifs pour; libre de; écarte; élimine;
        exclut; réfute; ne se plaint pas de; nie tout|toute; dénie; récuse; infirme; infirment; indemnes de|d; exempt*
        de|d; négatives pour; éliminant; écartant; excluant; infirmant; éliminent; écartent; excluent; permet d '
        éliminer|écarter|exclure; permettant d ' éliminer|écarter|exclure; a permis d ' éliminer|écarter|exclure; ne
        rapporte aucun*; ne signale aucun*; ne décrit aucun*; ne se plaint d ' aucun*; ne se plaint ni; ne retrouve
        aucun*; ne montre aucun*; ne révèle aucun*; ne décèle aucun*; a éliminé; a écarté; a exclu; ont éliminé; ont
        écarté; ont exclu; permettent d ' éliminer|écarter|exclure; réfute avoir; nie avoir; dément avoir
    """,
    "absent": """
        écarté; écartée; écartés; écartées; éliminé; éliminée; éliminés; éliminées; exclu; exclue; exclus; exclues;
        réfuté; réfutée; infirmé; infirmée; négatif; négative; négatifs; négatives; absent; absente; absents; absentes;
        nié; niée; niés; niées; non confirmé*; non retrouvé*; non retenu*; non objectivé*; non visible*; non vu*; pas
        confirmé*; pas été confirmé*; pas été retrouvé*; pas ~ retrouv*; pas ~ retenu*; pu être retenu*; n ~ retrouv*;
        pas ~ mis* en évidence; pas ~ confirmé*; pas ~ objectivé*; pas visible*; pas présent*; pas ~ observ*; pas ~
        palpé*; pas ~ vu*; est retrouvé*; néant; non .; non ,; non ;; 0 .; 0 ,; 0 ;; 0; jamais .; jamais ,; aucun .;
        aucune .; rejeté*; peu probable; improbable; abandonné*; non évoqué*; pas évoqué*; pas ~ décel*; pas ~
        identifi*; pas ~ détect*; non détect*; non décel*; non identifi*; non palpable*; non palpé*; pas palpable*;
        indétectable*; indécelable*; introuvable*; inexistant*; non constat*; pas ~ constat*; non signal*; pas ~
        signal*; non rapport*; pas ~ rapport*; pas ~ trouv*; non trouvé*; pas ~ visualis*; non visualis*; pas ~ établi*;
        non établi*; exclue* formellement; hors de cause; démenti*; est nul; est nulle; sont nul*; pas ~ reproduit*;
        plus reproduit*; plus ~ reproduit*; plus ~ survenu*; pas ~ survenu*; pas ~ réapparu*; ne ~ pas reproduit*; ne ~
        pas réapparu*; ne ~ plus reproduit*; ne ~ pas produit*; ne ~ pas confirmé*; ne ~ pas vérifié*; ne se confirme
        pas
    """,
    "stop": """
        arrêt de|du|des|d|l; a arrêté; arrêter; arrêtons; stop; stopper; suspendre; interrompre; interruption de|du|d;
        suspension de|du|d; remplacement de|du|d; substitué; remplacé; refuse; refusé; décline; éviter; évite; omis;
        omet; a omis; au lieu de|du|d; à la place de|du|d; allergie à|au|aux; allergique à|au|aux; intolérance à|au|aux;
        ne prend plus; ne prend pas; ne reçoit pas; ne reçoit plus; n ~ jamais pris; changement de|du; sevrage
        de|en|du|d; pas d ' indication; n ~ plus d; contre - indication à|au|aux; non prescription de; nous avons
        substitué; dément prendre; pas de traitement par; pas de traitement à; aucun traitement par; sans traitement
        par; jamais traité* par; pas traité* par; non traité* par; jamais reçu de|d; jamais reçu; pas reçu de|d; pas
        reçu; ne prend jamais de|d; n ' a jamais pris de|d; aucune prise de|d; relais de|du|des|d; relais du; naïf de|d;
        naïve de|d; jamais sous; arrêt définitif de|du|des|d; arrêt temporaire de|du|des|d; arrêt progressif
        de|du|des|d; décroissance puis arrêt de|du|des|d; suppression de|du|des|d; retrait de|du|des|d; contre
        indication à|au|aux; renonce à|au|aux; s ' oppose à|au|aux; ne souhaite pas de|d; ne veut pas de|d; nous
        arrêtons; nous suspendons; on arrête; on suspend; arrête; suspend; interrompt; plus sous; n ' est plus sous;
        plus de traitement par; a interrompu; a stoppé; a suspendu; a cessé; avons arrêté|interrompu|suspendu|stoppé;
        ont arrêté|interrompu|suspendu|stoppé; a abandonné; a interrompu d ' elle|lui - même; a arrêté d ' elle|lui -
        même; a cessé de prendre; a arrêté de prendre; cesse de prendre; en remplacement de|d|du; à la place des
    """,
    "stopped": """
        arrêté; arrêtée; arrêtés; arrêtées; stoppé; stoppée; suspendu; suspendue; suspendus; interrompu; interrompue;
        interrompus; contre - indiqué*; remplacé; remplacée; substitué; substituée; refusé; refusée; décliné; déclinée;
        omis; omise; mal toléré*; pas toléré*; pas ~ toléré*; non toléré*; proscrit; proscrite; non prescrit*; pas
        prescrit*; non débuté*; jamais ~ débuté*; pas ~ débuté*; pas ~ instauré*; jamais ~ instauré*; pas ~ administré*;
        non repris*; en pause; prescrite .; évité; évitée; à éviter; déconseillé*; sevré*; allergie; intolérance; non
        administré*; jamais ~ prescrit*; est retrouvée; non poursuivi*; jamais pris; jamais prise; jamais reçu*; non
        reçu*; non pris*; interrompues; suspendues; relayé*; contre indiqué*; plus prescrit*; plus pris; non indiqué*;
        pas indiqué*; pas ~ indiqué*; récusé*; retiré*; supprimé*; interdit*; est à proscrire; à proscrire; est à
        éviter; est à arrêter; à arrêter; à suspendre; jamais instauré*; non instauré*; abandonné*
    """,
    "affirm": """
        présent; présente; présents; présentes; oui; positif; positive; poursuivi; poursuivie; inchangé; inchangée;
        maintenu; maintenue; continué; persiste; persistent; reconduit; reconduite; confirmé; confirmée; poursuivre;
        repris; reprise
    """,
    "begun": """
        majoré*; augmenté*; débuté*; introduit*; instauré*; ajouté*; initié*; mis en place; mise en place; réintroduit*;
        prescrit*
    """,
    "pseudo": """
        pas seulement; non seulement; pas d ' aggravation; pas d ' amélioration; pas rare; pas rare que|qu; n ' est pas
        rare; pas résorbé*; pas ~ résorbé*; pas résolu*; pas ~ résolu*; pas contrôlé*; pas ~ contrôlé*; pas équilibré*;
        pas ~ équilibré*; non guéri*; pas guéri*; pas ~ guéri*; non contrôlé*; pas soulagé*; pas ~ soulagé*; ne cède
        pas; ne répond pas; pas ~ répond*; aucun doute; pas de doute; ne fait aucun doute; ne nie pas; ne ~ nie pas; ne
        dort pas sans; ne peut ~ sans; ne peut se passer; pas question d|de; pas question d ' interrompre|arrêter; pas
        question de suspendre; demande si; pas exclu*; pas ~ exclu*; pas éliminé*; pas ~ éliminé*; pas ~ écarté*; pas ~
        exclure; pas ~ éliminer; ne peut être exclu*|éliminé*|écarté*; non exclu*; pas écarté*; ne peut ~
        exclu*|éliminé*|écarté*; pas arrêter; pas interrompre; pas augmenté; pas ~ augmenté; pas ~ amélioré*; pas
        amélioré*; pas ~ modifié*; ne ~ pas ~ sans; sans éviction; médecin de famille; médecin de la famille; médecine
        de famille; médecin traitant; histoire de la maladie; histoire de; sans séquelle*; ne note qu; ne note que; sans
        doute; sans traitement; sans particularité; sans corticothérapie; sans chirurgie; n ' est pas ~ améliorée; pas d
        ' évolution; pas de changement; pas de modification; pas de régression; pas de diminution; pas de réduction; pas
        d ' augmentation; pas disparu*; pas ~ disparu*; pas régressé*; pas ~ régressé*; non résolu*; pas infirmé*; pas ~
        infirmé*; impossible d ' éliminer|exclure|écarter; ne permet pas d ' éliminer|exclure|écarter; ne permettent pas
        d ' éliminer|exclure|écarter; sans pouvoir éliminer|exclure|écarter; sans éliminer|exclure|écarter; pas
        impossible; pas exceptionnel*; n ' exclut pas; n ' élimine pas; n ' écarte pas; n ' excluent pas; ne peut pas
        exclure|éliminer|écarter; ne peut exclure|éliminer|écarter; non négligeable*; pas négligeable*; pas amendé*; pas
        ~ amendé*; ne cèdent pas; pas cédé*; pas ~ cédé*; sans amélioration; sans relation avec; sans rapport avec; sans
        lien avec; pas encore résolu*
    """,
    "change": """
        pas d ' aggravation de|du|des; aggravation de|du|des; pas d ' amélioration de|du|des; augmentation de|du|des;
        pas de modification de|du|des; pas de progression de|du|des; hormis; en dehors de|d|du; ne ~ qu; ne ~ que; n ~
        que; n ~ qu; pas de contre - indication à|au|aux; sans aggravation de|du|des; à part; pas d ' évolution
        de|du|des|d; pas d ' augmentation de|du|des; pas de diminution de|du|des; pas de régression de|du|des; pas de
        réduction de|du|des; pas de majoration de|du|des; absence d ' aggravation de|du|des; absence d ' amélioration
        de|du|des; absence d ' évolution de|du|des; absence de progression de|du|des; sans évolution de|du|des; sans
        majoration de|du|des; sans modification de|du|des; sans amélioration de|du|des; pas d ' extension de|du|des; pas
        de changement de|du|des; mis à part; exception faite de|d|du; à l ' exception de|d|du|des; excepté; si ce n '
        est; pas d ' autre ~ que|qu; pas d ' autres ~ que|qu; rien d ' autre que|qu; sans autre ~ que|qu; hors; outre;
        stabilité de|du|des
    """,
    "past": """
        atcd de|d; antécédent de|d; antécédents de|d; ancien; ancienne; anciens; anciennes; ex; status post; statut
        post; séquelle* de|d; enfant ,; dans l ' enfance; antérieur; antérieure; a eu; avait eu; a présenté; en year; il
        y a # ans; il y a ~ ans; opéré* de|d; opéré* pour; après une; après un; une fois; primo - infection; dernier;
        dernière; guéri* de|d; guéri* de son|sa; à l ' entrée ,; durant le séjour; pendant le séjour; passage en; guéri
        de son|sa; disparition de|du|des|d; résolution de|du|des|d; rémission de|du|des|d; rémission complète
        de|du|des|d; guérison de|du|des|d; notion ancienne de|d; traité* pour ~ en year
    """,
    "ago": """
        year; en year; de year; en ~ year; dans l ' enfance; dans sa jeunesse; dans la petite enfance;
        de l ' enfance; du nourrisson; il y a # ans; il y a ~ ans; il y a ~ mois; l ' an dernier; de l ' an passé;
        l ' an passé; l ' année dernière; à l ' adolescence; à l ' âge de; à # ans; à ~ ans;
        lors de la première grossesse; lors d ' une grossesse; ancien; ancienne; anciens; anciennes; anciennement;
        antérieur; antérieure; dans le passé; remonte à; à l ' entrée; jadis; ( year
    """,
    "over": """
        guéri; guérie; guéris; guéries; résolu; résolue; résolus; éradiqué; éradiquée; disparu; disparue; disparus;
        disparues; dissipé; dissipée; corrigé; corrigée; ablaté*; ablatée; en rémission; cédé; a cédé; normalisé;
        normalisée; réduit; régressé; régressive; traité* en; s ' est amendé*; rentré* dans l ' ordre; a guéri;
        a été corrigé*; récupéré
    """,
    "past_drug": """
        antérieurement sous; ancien traitement par; traitement antérieur par; avait reçu; a reçu; a pris;
        traité* par ~ jusqu; autrefois; auparavant; ligne de|d; ancien usager d|de; ancien consommateur de|d;
        précédemment sous
    """,
    "ago_drug": """
        jusqu ' en year; terminé; terminée; terminés; de year à year; dans le passé; autrefois; remonte à; en year;
        auparavant
    """,
    "present": """
        ce jour; actuel; actuelle; actuellement; aujourd ' hui; maintenant; désormais; résiduel; résiduelle;
        séquellaire; persistant; persistante; toujours; encore; à ce stade; présentement; nouveau; nouvelle;
        chronique; aigu; aiguë; connu; connue; discret; modéré; à ce jour
    """,
    "since": """
        depuis; dès; à partir de; jusqu ' en; jusqu
    """,
    "kin": """
        antécédents familiaux; antécédent familial; atcd familiaux; atcdf; famille; familial; familiaux; familiales;
        familiale; mère; père; parents; sœur; soeur; frère; sœurs; soeurs; frères; tante; oncle; tantes; oncles;
        grand - mère; grand - père; grands - parents; grands - pères; grands - mères; cousin; cousine; cousins;
        cousines; fils; fille; filles; épouse; époux; sa femme; mari; conjoint; conjointe; compagnon; compagne;
        neveu; nièce; neveux; nièces; beau - père; belle - mère; beau - frère; belle - sœur; beaux - parents; gendre;
        bru; demi - frère; demi - sœur; jumeau; jumelle; grand - oncle; grand - tante; arrière - grand - mère;
        arrière - grand - père; petit - fils; petite - fille; petits - enfants; maternel; maternelle; paternel;
        paternelle; maternels; paternels; fratrie; aîné; aînée; cadet; apparenté; apparentés; apparentée;
        apparentées; enfants
    """,
    "informant": """
        KIN rapporte|rapportent|signale|signalent|décrit|décrivent|demande|explique;
        KIN note|notent|dit|disent|constate|constatent|remarque|demande|explique; selon ~ KIN; d ' après ~ KIN;
        vit avec ~ KIN; vit chez ~ KIN; accompagné* de|par ~ KIN; en présence de ~ KIN; femme de #; notre patiente;
        jeune femme|fille; petite fille de; sa femme de chambre; cette femme; une femme de; KIN craint
    """,
    "patient": """
        patient; patiente; elle; il; elle - même; lui - même; madame; l ' enfant; l ' adolescent; l ' adolescente;
        le nourrisson; notre patiente; notre patient; nouveau - né; du patient; de la patiente; sa propre; propre;
        nous; je; le garçon
    """,
    "in_kin": """
        chez ~ KIN; dans la famille; ( KIN; du KIN; des deux KIN; de la KIN; des KIN; de ~ KIN
    """,
    "if": """
        si; s ' il; s ' ils; en cas de|d; en cas de nouvelle; lors d ' un éventuel; dans l ' hypothèse d|de;
        éventuel; éventuelle; éventuels; éventuelles; devant toute apparition; au cas où; si jamais;
        devant l ' apparition; en présence d ' éventuel*
    """,
    "risk": """
        risque de|d; risque important de; afin d ' éliminer; pour éliminer; éliminer; écarter; exclure; surveiller;
        prévenir; prévention de|du|des|d; prophylaxie; apparition de|d; redoute; on redoute; craint; craindre;
        rechercher; à la recherche de|d; menace de|d; peur de|d; pour ne pas méconnaître
    """,
    "unsure": """
        à éliminer; à exclure; à écarter; doit être éliminé*; prophylaxie; est redouté*; à craindre
    """,
    "end": """
        mais; cependant; toutefois; néanmoins; hormis; sauf; excepté; en revanche; par contre; tandis; alors; seulement;
        simple; uniquement; juste; pourtant; puis; en dehors; en dehors de|d|du; à l ' inverse; au contraire; à la
        différence de; contrairement à
    """,
    "verb": """
        est; sont; a; ont; présente; présentent; se; montre; montrent; décrit; accepte; prend; prennent; poursuite;
        poursuivre; poursuivi; reste; ressent; reconnaît; reprise; reçoit; remonte; affirme; note; retrouve; consulte;
        était; étaient; avait; persiste; persistent; débute; débuté; introduit; introduction; mise; mis; prescrit;
        relais; par; souffre; signale; rapporte; évolue; retient; s; repris; suivi; vit; ne; n; introduire; on; conclu;
        il; elle; avons; y; prise de|du|d; aggrave; irradie; accompagne; cède; survient; apparaît; augmente; diminue;
        révèle; révèlent; confirme; confirment; objective; objectivent; développe; bénéficie; nécessite; garde;
        conserve; vient; évoque; évoquent; traduit; correspond; entraîne; justifie; existe; existent; constate;
        découvre; apparaissent
    """,
    "cause": """
        en raison de|d|du|des; à cause de|d|du|des; du fait de|d|du|des; pour; devant; car; suite à; par; dû à;
        due à; secondaire à; après; depuis; jusqu; comme; étant; d ' où; malgré; contre
    """,
    "with": """
        par; vers; à; sous; avec; depuis; malgré; après; lors; durant; chez; dans; en; au; sur; du fait
    """,
    "or": """
        ou; ni; et
    """,
    "heading_past": """
        atcd; antécédents; antécédents médicaux; antécédents personnels; antécédents chirurgicaux
    """,
    "heading_family": """
        atcd familiaux; antécédents familiaux; famille; familiaux; atcdf
    """,
    "heading_allergy": """
        allergies; allergie; allergies médicamenteuses; intolérances
    """,
    "heading": """
        ttt; traitement; traitements; traitement actuel; traitement en cours; traitement de sortie; motif;
        motif de consultation; plainte actuelle; histoire de la maladie; hdm; examen; ett; conclusion; diagnostic;
        histologie; évolution; bilan; médecin traitant
    """,
}
#: Words that tell the language of a text.
COMMON = """
    le la les de du des et est une un dans pour par sur avec pas au aux en qui que son sa ne il elle patient
    patiente chez depuis sans ce se on à lors été il eu ni ou mais qu cette ses nous très
"""
