"""Languages of Latin letters, told by their commonest words.

`language_of` goes by letters that only one language has, and takes the source's word for the rest.
Here nobody's word is taken: it is the source itself that is looked at. Thirty headlines with their
first sentences are enough; a single headline made of names is not.
"""

import re

from tasks.code.language import language_of

# Words that are common in one language and are no common words in its neighbours, as far as that
# can be had. Serbian in Latin letters, Croatian and Bosnian are one here.
_WORDS = {
    "cs": "a je se na že v s z do ve pro o jako podle nebo jsou bylo jeho které která který při ale také",
    "da": "og i at det er en på af til der med for ikke den har som de et fra efter være blev også hvad",
    "de": "der die und das den von zu mit ist im nicht ein eine auf für des sich dem auch nach wie über",
    "en": "the of and to in for is on that with as was by at from has are it its be said will after his have",
    "es": "de la el que y en los del las un por con una para se su al como más fue ha este según pero",
    "et": "ja on ei et see oma kui ka mis ning aga oli siis tema pärast eesti või kes üle kuid",
    "fi": "ja on ei että se oli myös mukaan hän kun ovat mutta tai joka kuin jälkeen sekä vuoden",
    "fr": "de la le les des et en du un une dans pour que qui sur au est par avec ce plus pas son aux été",
    "hu": "a az és hogy nem egy is meg már csak volt ez de van szerint el még ki után lehet azt között",
    "id": "yang dan di dengan untuk dari ini pada dalam itu akan tidak juga oleh kata telah sebagai",
    "it": "di il la che e in per un del della una con le dei nel si sono al non alla da più dal ha anche",
    "lt": "ir kad su iš į bei yra buvo kaip tai apie dėl po už bet tik jis taip nuo metų",
    "lv": "un ir ka ar no par uz pie bet kā arī tika šo gada lai pēc kas līdz savu",
    "nl": "de het een van en in is op te dat voor met zijn niet aan er om ook als bij naar door uit wordt",
    "no": "og i det er på som en av til for at med har ikke om de fra et etter seg ble også sier mot",
    "pl": "w i na się z do nie że o jest to od za po przez jak dla ze są oraz jego ale który była co",
    "pt": "de a o que e do da em os no para um uma com na por dos não se mais ao das pela pelo são foi",
    "ro": "de și în la a cu din pe un o pentru nu care că sunt mai este prin după ale fost al fi cel",
    "sk": "a na sa je v že s z o do pre ako po aj sú bol podľa bola ktorý ktoré nie alebo pri už by",
    "sl": "in je v na se za da so z ki pa ne po bi iz kot tudi pri še od do bo med lahko leta",
    "sq": "të e në dhe i për me një që nga është si ka se nuk do më janë së duke pas mbi ishte",
    "sr": "i je u na da se za su od sa o ne koji koje koja iz kao do nije bi će li što ili posle nakon",
    "sv": "och i att det som en på är av för med till den har inte om ett från de sig efter kan också",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi kadar sonra en ise göre var oldu etti",
}
_OF = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_MOST = 4_000
# Fewer words than this say nothing; and of those that there are, so many must be a language's own.
_FEWEST = 25
_SHARE = 0.12
# The next language must be so far behind.
_LEAD = 1.25


def written_in(text: str) -> str | None:
    """The language of a longer text by its letters and words alone; None where they do not tell."""
    by_letters = language_of(text, None)
    if by_letters != "und":
        return by_letters
    words = _WORD.findall(text[:_MOST].lower())
    if len(words) < _FEWEST:
        return None
    shares = sorted(((sum(word in own for word in words) / len(words), name) for name, own in _OF.items()))
    (second, _), (best, language) = shares[-2:]
    return language if best >= _SHARE and best >= _LEAD * second else None
