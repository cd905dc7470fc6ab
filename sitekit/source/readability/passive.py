"""Passive verbs, found by their form: a form of "be" or "get" and a participle."""

from __future__ import annotations

import re

_BE = r"(?:am|is|are|was|were|be|been|being|get|gets|got|gotten|getting|isn't|aren't|wasn't|weren't)"
_ADVERBS = (
    r"(?:(?:not|also|often|still|always|never|rarely|usually|sometimes|now|only|just|then|first|most|\w+ly)\s+){0,2}"
)
_IRREGULAR = (
    "beaten begun bitten blown born bought bound broken brought built burnt caught chosen cut dealt done drawn driven eaten fed "
    "felt found forgiven forgotten frozen given grown heard held hidden hit hurt injected kept known laid led left lent lit "
    "lost made meant met paid proven put read run said sold seen sent set shaken shot shown shut sought spent spoken spread "
    "stolen stuck struck taken taught thrown told thought torn understood withdrawn woken won worn written"
)
_PASSIVE = re.compile(rf"\b{_BE}\s+{_ADVERBS}(?P<word>\w+ed|{'|'.join(_IRREGULAR.split())})\b", re.IGNORECASE)
# After "is" and "are" these describe a state; a reader does not ask "by whom?".
_STATE_WORDS = (
    "tired worried depressed scared ashamed stressed interested relaxed bored confused excited married concerned pleased used "
    "supposed limited related linked involved experienced licensed certified red bed need needed hundred left hurt lost stuck "
    "overwhelmed exhausted frightened embarrassed isolated trapped qualified complicated mixed advanced inflamed crowded naked "
    "sacred detailed born run read set uninsured insured retired located closed based allowed sedated disabled injured "
    "surprised agitated prepared done worn"
)
_STATES = frozenset(_STATE_WORDS.split())


def is_passive(sentence: str) -> bool:
    """Whether a sentence holds a passive verb ("is given", "was gently moved"); a state ("is tired") is none."""
    return any(match["word"].lower() not in _STATES for match in _PASSIVE.finditer(sentence))


def passive_words(sentence: str) -> str:
    """The first passive verb in a sentence, or an empty string."""
    return next((m[0] for m in _PASSIVE.finditer(sentence) if m["word"].lower() not in _STATES), "")
