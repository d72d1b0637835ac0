"""Whether a phrase is said of the patient now: negated, past, family and hypothetical phrases are not.

After ConText (Harkema et al., J Biomed Inform 2009;42:839-851), per language, with the ends of its reach told apart.
"""

from analysis.domain.scope.clauses import Context, Said, Scope, ScopedText

__all__ = ["Context", "Said", "Scope", "ScopedText"]
