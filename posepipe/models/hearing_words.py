"""Word lists of :mod:`posepipe.models.hearing`."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    """Return the entries of a list that are separated by commas, longer ones first, for use in a pattern."""
    return tuple(sorted((" ".join(entry.split()) for entry in text.split(",")), key=len, reverse=True))


MEDIA: Final = _words("""
    photo, photograph, picture, pic, image, drawing, sketch, painting, illustration, render, rendering, portrait, shot,
    snapshot, 3d model, 3d render, 3d pose, model, silhouette, stick figure, pose reference, reference, animation frame,
    frame, pose
""")
"""What a request asks for: "a picture of"."""

QUALITIES: Final = _words("""
    full body, full-body, full length, full-length, wide, close up, close-up, black and white, detailed, realistic,
    high quality, high-quality, 3d, simple, static, single, stock, clear, nice, good, beautiful, studio, side view,
    front view
""")
"""Words in front of a medium."""

REMARKS: Final = _words("""
    please, thanks, thank you, full body, full-body, full body shot, full-body shot, white background,
    plain background, high quality, best quality, masterpiece, highly detailed, 8k, 4k, hd, photorealistic, realistic,
    studio lighting, 3d render, stock photo, solo, 1girl, 1boy, male, female
""")
"""Remarks after a caption, as in prompts for image generators."""

NEUTRAL: Final = _words("""
    old, older, elderly, young, younger, aged, middle-aged, tall, short, small, big, large, little, tiny, muscular, fit,
    athletic, strong, slim, slender, thin, fat, heavy, overweight, chubby, skinny, bald, bearded, blond, blonde,
    barefoot, masked, male, female, adult, teenage, beautiful, handsome, pretty, asian, african, black, white,
    caucasian, indian, chinese, japanese, american, european, single, lone, random, normal, average, regular, unknown,
    another, certain, humanoid, human, 3d, red-haired, dark-haired, long-haired, gray-haired, grey-haired, well-dressed,
    faceless, generic
""")
"""Adjectives of a person that do not concern the pose."""

PERSONS: Final = _words("""
    person, man, woman, boy, girl, guy, dude, lady, gentleman, gentlewoman, child, kid, toddler, teenager, teen, adult,
    adolescent, human being, human, individual, figure, stick figure, stickman, stick man, character, cartoon character,
    mannequin, dummy, avatar, humanoid, robot, android, cyborg, zombie, alien, skeleton, doll, puppet, model, actor,
    actress, grandmother, grandfather, grandma, grandpa, mother, father, mom, dad, brother, sister, student, subject,
    participant, performer, youth, male, female, being, hero, elf, knight, pensioner, senior, citizen, stranger,
    pedestrian, somebody
""")
"""Names of one person that do not concern the pose; a dancer, for example, is not among them."""

PEOPLE: Final = _words("""
    people, persons, men, women, boys, girls, guys, kids, children, adults, teenagers, friends, figures, humans,
    characters, individuals, students, robots, zombies, strangers, couples
""")

COUNTS: Final = _words("""
    two, three, four, five, six, several, some, many, a few, a couple of, a group of, a pair of, both, the
""")

CLOTHES: Final = _words("""
    dress, shirt, t-shirt, suit, tuxedo, hat, cap, jeans, jacket, coat, hoodie, uniform, shorts, skirt, glasses,
    sunglasses, shoes, boots, sneakers, helmet, kimono, sportswear, swimsuit, bikini, costume, clothes, clothing,
    outfit, armor, armour, beard, backpack, sweater, leggings, trousers, pants, robe, gown, apron
""")

PARTS: Final = frozenset(
    _words("""
    arm, arms, hand, hands, palm, palms, fist, fists, elbow, elbows, finger, fingers, leg, legs, foot, feet, knee,
    knees, toe, toes, heel, heels, thigh, thighs, shin, shins, ankle, ankles, wrist, wrists, head, face, chin, back,
    trunk, torso, body, upper, lower, hips, hip, shoulder, shoulders, chest, eyes, forearm, forearms, weight, both,
    left, right, one, gaze, belly, neck, waist
""")
)
"""First words of a text that describes limbs."""

PREPOSITIONS: Final = frozenset(
    _words("""
    on, in, at, with, while, like, as, up, down, over, under, from, to, upside, against, off, into, about, ready, mid,
    not
""")
)

PLACES: Final = PREPOSITIONS | frozenset(
    _words("""
    apart, wide, straight, bent, forward, forwards, backward, backwards, sideways, together, behind, overhead, high,
    low, open, spread, out, akimbo, across, above, below, between, near, by, the, flat, level, back, around, beside,
    outward, inward, held
""")
)
"""Words that say where a limb is."""

OWNERS: Final = frozenset({"your", "my", "his", "her", "their", "a", "an", "this", "that"})
"""Words after a verb in an order, as in "raise your arms"."""
