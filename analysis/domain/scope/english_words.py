"""What says of a phrase how it is meant, in English. How phrases are written: ``scope/triggers.py``."""

PHRASES = {
    "no": """
        no; not; nor; neither; without; never; no evidence|sign|signs of; no longer; nothing to suggest; w / o;
        absence of; lack of; in the absence of; no grounds for; failed to; cannot confirm; could not confirm;
        not been; but not; unlikely to be; non; no new; no further; never any; never had; rules out; ruled out;
        excludes; refutes; fails to; any hint of no; no residual
    """,
    "denies": """
        denies; denied; denying; negative for; free of|from; no complaints of; no history of; rules out; excludes;
        excluding; ruling out
    """,
    "absent": """
        ruled ~ out; excluded; absent; negative; is|are|was|were denied; denied;
        not present|seen|found|confirmed|detected|identified|evident|observed|noted;
        not visible|proven|demonstrated|established|reported|upheld|substantiated|supported|apparent;
        not be upheld|confirmed|found|seen|demonstrated|shown|detected|established|identified|substantiated;
        not been confirmed|found|seen|demonstrated|shown|detected|reported|observed;
        never confirmed|found|seen|proven|occurred; refuted; disproved; rejected; none; no .; no ,; no ;; not .;
        not ,; never .; never ,; never ;; unlikely; discarded; disconfirmed; unsupported; not ~ occur; did not recur
    """,
    "stop": """
        stopped; stop; stops; stopping; discontinue*; ceased; cease; withheld; withhold; held; hold; avoid; avoids;
        avoiding; avoided; allergic to; allergy to; intolerant of|to; intolerance to|of; instead of; in place of;
        rather than; switched from; changed from; changing from; switch from; off; no longer takes|taking|on;
        contraindicat* to; refused; refuses; refusing; declined; declines; declining; omit; omits; omitted; omitting;
        not on; not taking; never took|taken; weaned off|from; tapered off; replacing; replaced; substituted;
        changed; did not start; do not give|use|start|restart; not started|given|prescribed; paused; suspended; quit;
        gave up; came off; d / c; advised against; needs no; unable to tolerate; could not tolerate;
        not tolerate|tolerating
    """,
    "stopped": """
        stopped; discontinue*; ceased; withheld; paused; suspended; on hold; held; d ' c; d ' d; c ' d; d / c;
        d / c ' d; avoided; to be avoided; declined; refused; contraindicated; tapered off; tapered; weaned;
        weaned off; replaced; substituted; switched to; changed to; omitted; allergy; intolerance; not tolerated;
        not ~ tolerated; never started|taken|given|used;
        not started|given|taken|prescribed|needed|required|indicated; withdrawn;
        no longer taken|needed|required|given|used; was not ~ tolerated; rejected; advised against
    """,
    "affirm": """
        present; yes; is admitted; admitted; positive; continued; to be continued; continues; unchanged; as before;
        remains; restarted; resumed; confirmed; persists; persist; persisted; reinstated
    """,
    "begun": """
        increased; started; begun; commenced; initiated; added; doubled; uptitrated; titrated up; introduced; restarted;
        prescribed
    """,
    "pseudo": """
        cannot be excluded; cannot be ruled out; could not be excluded; could not be ruled out; can not be excluded;
        not only; not just; no sooner; not infrequently|uncommonly|rarely|seldom; not clear|sure|certain;
        not ~ deny|denied; does not deny; no doubt; no longer able;
        cannot exclude|rule; cannot be excluded|ruled out;
        could not be excluded|ruled out; not ~ excluded; not ~ ruled out; not ~ be excluded; not been excluded;
        not been ruled out; not exclude; not rule out; not excluded; not ruled out; can not exclude|rule;
        not necessarily; no later; no more than; no other than; no . #; not resolved; has not resolved;
        have not resolved; not improv*; not ~ improv*; not reliev*; not relieved by; not ~ respond*; not respond*;
        not ~ controlled; not controlled; not cured; not ~ cured; not resolv*; not ~ resolv*; not worse*;
        not ~ worsen*; not chang*; not ~ changed; not increas*; not ~ increas*; not settl*; not ~ settl*;
        not subsid*; not stop|stopped|discontinue; not be stopped|discontinued|withheld; do not stop; never stopped;
        not known whether|if|why; not fully; not yet resolved; cannot ~ without; can ' t ~ without;
        unable to ~ without; cannot|could|can not sleep without; not without; cannot do|cope|manage without;
        family doctor|physician|practice|practitioner|medicine|planning|meeting|room; history of present|presenting;
        history of present illness; month|months|week|weeks|day|days|year|years|hour|hours history of;
        history taken|obtained|given from; social history; no other; off the ward; year - old; years - old;
        years old; asks|ask|asked|wonders whether|if; without treatment|surgery|therapy|intervention;
        not sure|certain|clear whether|if|why; unclear whether|if|why
    """,
    "change": """
        no change in|of|to; no increase in|of; increase in; no improvement in|of|with|on; no decrease in;
        no reduction in; no worsening of; no progression of; no relief from|of; no complaints other than;
        no other ~ than; no symptoms other than; no more than; nothing but; no contraindication to; no need to stop;
        no intolerance to; no side effects from|of
    """,
    "past": """
        history of; h / o; hx of; previous; previously; prior; past; former; formerly; status post; s / p; childhood;
        old; ex; remote; had had; used to; healed; resolved; treated for; prior to this; once had; had in the past;
        post
    """,
    "ago": """
        ago; last year; as a child|boy|girl|teenager|student|baby; in childhood|infancy|adolescence|youth;
        in ~ childhood|infancy|teens|twenties|thirties|youth; in the past; in ~ first|second|previous|last pregnancy;
        in ~ first|second trimester; at the age of; outgrown; previously; years earlier|before; of year; in year;
        year; ' #; in ~ year; # / year; as a young; back in
    """,
    "over": """
        resolved; healed; recovered; fully recovered; eradicated; cleared; subsided; disappeared; in ~ remission;
        in remission; since cleared|resolved|disappeared|healed|settled|recovered|subsided; cured; went away;
        corrected; reverted; settled; ablated; remitted; outgrown; abated; now gone
    """,
    "past_drug": """
        former treatment; previous treatment; had been tried; previously treated; previously on|took|taking;
        formerly on|took; used to take; tried; treated with ~ in year; before that
    """,
    "ago_drug": """
        had been tried; was completed; completed; until year; till year; at that time; was tried; previously;
        in the past; ago
    """,
    "present": """
        now; currently; current; presently; at present; today; still; ongoing; residual; persistent; persisting;
        remains; at the moment; leaving; these days; known; chronic; new; acute
    """,
    "since": """
        since; from; for
    """,
    "kin": """
        family history; fhx; fh; family; mother; mothers; father; fathers; sister; sisters; brother; brothers; twin;
        aunt; aunts; uncle; uncles; grandmother; grandfather; grandmothers; grandfathers; grandparent; grandparents;
        cousin; cousins; parent; parents; sibling; siblings; sib; sibs; son; sons; daughter; daughters; wife;
        husband; spouse; partner; nephew; nephews; niece; nieces; in - law; stepmother; stepfather; stepbrother;
        stepsister; half - brother; half - sister; mgm; mgf; pgm; pgf; relative; relatives; maternal; paternal; mum;
        mom; dad; grandson; granddaughter; grandchild*; fiance*; great - aunt; great - uncle
    """,
    "informant": """
        KIN report|reports|reported|noticed|notices|says|said|states|stated|describes|observed|thinks|found|brought;
        KIN asks|tells|told|gave|gives|confirms; according to ~ KIN; per KIN; with ~ KIN; lives with ~ KIN;
        foster KIN smokes; KIN - reported; with her|his KIN; his|her family; KIN present; accompanied by ~ KIN;
        history from ~ KIN; history obtained from ~ KIN; family reports|reported|says
    """,
    "patient": """
        patient; pt; she; he; i; herself; himself; the boy|girl|child|baby|infant; child ' s; younger boy|girl;
        the patient; patient ' s; own; we; her own; his own; patient himself|herself
    """,
    "in_kin": """
        in ~ KIN; on ~ mother ' s side; on ~ father ' s side; ( KIN; among ~ KIN; runs in ~ family; of ~ KIN
    """,
    "if": """
        if; in case of; in case; in the event of; should; when to; return if|for|with; unless; come back if;
        in the event; would; could cause; may cause; can cause; might cause; if you; seek ~ for; report any
    """,
    "risk": """
        risk of; risks of; at risk for; at ~ risk of; to exclude; to rule out; to r / o; r / o; rule out;
        to look for; watch for; monitor for; look out for; screen for; evaluate for; to prevent; prevent;
        prophylaxis against|of|for; prophylaxis; worried about; fear of; fears; to be excluded that;
        remains to be excluded that; counselled about; concern for; warned of|about; signs of possible; for possible
    """,
    "unsure": """
        to be excluded; to be ruled out; needs to be excluded; needs to be ruled out; must be excluded|ruled;
        should be excluded|ruled; prophylaxis; is feared; was discussed; precautions
    """,
    "end": """
        but; however; although; though; except; except for; apart from; yet; whereas; other than; besides;
        aside from; merely; instead; while; despite; only
    """,
    "verb": """
        is; are; was; were; has; have; had; presents; presented; presenting; reports; reported; complains;
        complained; shows; showed; show; admits; accepts; accepted; continue; continues; continued; started; start;
        starts; begun; began; gives; experiences; experienced; notes; noted; describes; developed; develops; takes;
        took; taking; there; establishes; confirms; reveals; revealed; remain; remains; positive; using; uses; use;
        feels; find; found; needs; given; commenced; restart; resume; prescribed; introduced; added; switch;
        switched; which; who; asks; weighs; persist*; unchanged; came; comes; received; receives; treat; treated;
        seen; prefers; with|to be; walks; lives; it; that; suffers; underwent; see; consider
    """,
    "cause": """
        because of; because; due to; owing to; d / t; secondary to; on account of; since; until; after; caused by;
        given; in view of
    """,
    "with": """
        with; to; under; on; by; at; during; despite; following; in; from; for
    """,
    "or": """
        or; nor; and; &
    """,
    "heading_past": """
        pmh; pmhx; past medical history; past history; past surgical history; psh; hx; previous illnesses;
        medical history; previous diagnoses
    """,
    "heading_family": """
        fh; fhx; family history; family
    """,
    "heading_allergy": """
        allergies; allergy; drug allergies; known allergies; intolerances; adverse reactions
    """,
    "heading": """
        meds; medication; medications; current medication|medications; drugs; present complaint; now; hpi;
        history of present illness; presenting complaint; patient; ros; pe; sh; social history; impression; plan;
        diagnosis; echo; cxr; examination; on examination; histology; findings; assessment; course; today;
        investigations
    """,
}
#: Words that tell the language of a text.
COMMON = """
    no not on or the of and in with was is has a an to for he she her his at from by had been patient this
    which as it who but be are were there if when should her his any or
"""
