"""Names for people who don't exist."""

_FIRST_NAMES = (
    "Ada Amos Anouk Arlo Astrid Basil Beata Bruno Cato Celia Cosmo Dalia Dario Delphi "
    "Edda Elio Esme Ezra Fern Finn Flora Gaia Gideon Greta Hanno Hazel Hugo Ilse Imre "
    "Ines Ivo Jonas Juno Kaia Kilian Lando Leonie Linus Lotte Magnus Maren Milo Mina "
    "Nadia Nestor Nola Odile Orla Oskar Petra Pia Quentin Ravi Rhea Rufus Sanna Silas "
    "Tamsin Theo Uma Viggo"
)
_LAST_BEGINNINGS = (
    "Amber Bass Bell Chord Copper Drum Echo Fiddle Flute Groove Harp Jingle Lantern "
    "Melody Needle Organ Piper Quaver Reed Rhythm Solo Tempo Viol Waltz"
)
_LAST_ENDINGS = (
    "berry brook by croft dale field ford grove ham hurst ley more stead ton well wick"
)
FIRST_NAMES = _FIRST_NAMES.split()
LAST_BEGINNINGS = _LAST_BEGINNINGS.split()
LAST_ENDINGS = _LAST_ENDINGS.split()


def invent_name(number):
    """Return the first and last name of invented person ``number``, from 0.

    No full name comes twice among the first 61 * 384: the lists' lengths have no
    common factor with their steps, nor with each other.
    """
    first = FIRST_NAMES[number * 7 % len(FIRST_NAMES)]
    beginning, ending = divmod(
        number * 101 % (len(LAST_BEGINNINGS) * len(LAST_ENDINGS)), len(LAST_ENDINGS)
    )
    return first, LAST_BEGINNINGS[beginning] + LAST_ENDINGS[ending]
