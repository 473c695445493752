"""The caption grammar: base poses, the words for them, and phrases that change one part of a pose.

How to add a pose
-----------------
Open the module of its group (``standing.py`` is the model to copy) and write a builder and an entry of ``POSES``::

    def _wave(rng: Rng) -> Controls:
        c = stand(rng)  # from standing.py; or Controls(), on_chair(rng), kneel(rng) ...
        c.left_arm.angles(u(rng, 95, 115), 85, u(rng, 60, 95), 90)  # elevation, azimuth, elbow, rotation
        return c

    BasePose("wave", _wave, ("standing", "hand_above_shoulder:left"))  # what must be true

and its words into ``phrasings/GROUP.txt``::

    ## wave
    waving with [the|{his}] {side} hand
    waving [hello|goodbye|]
    held out: greeting someone with a raised {side} hand

Then look: ``python -m training.look GROUP OUT.png --names wave --draws 6``; a pose whose predicates fail
is named in red. ``pytest tests/training/test_grammar.py -k wave`` tries ten seeds, both sides.

- **Build for the left.** ``{side}`` is the left in ``build`` and ``predicates``; the right is the mirror image,
  made for you. So "kneeling on the {side} knee" builds the left knee down. A pose without ``{side}`` in its words
  is mirrored with chance ``right`` (0.5; 0 or 1 for what always happens on one side: greet with the right hand =
  build left, ``right=1.0``). Templates with and without ``{side}`` may stand together.
- **Words.** A template follows "A person": "sitting on a [chair|stool|]". It begins with a verb in -ing (also said
  as "is sitting", "sits") or with "in", "on", "with" (also "is in"). Slots: ``{side}``, ``{other}``, ``{his}``
  (the, their, his, her). Choices do not nest. At least one held-out phrasing per pose, with other words, not a
  training template with a word changed. No subject, no capital, no full stop.
- **Roles of sides** ("with the left foot in front", "right knee down") are seen from the bodies of a pose and said
  behind words that name no side, in training; :mod:`training.grammar.roles` has them. Write only those that
  it cannot see.
- **Natural variation** of all angles (about 3 degrees), feet and hand targets (about 1 cm) is added by itself; vary
  in ``build`` with ``u(rng, low, high)`` what people vary (how high, which of two ways). ``spread`` scales the
  automatic part: 0.6 where it must be exact.
- **Locks**: parts that carry the body, or that make the pose what it is, from ``ARMS``, ``LEGS``, "trunk", "head",
  "left_arm" ...; modifiers leave them alone. Do not lock what a caption may well change ("waving with the left hand
  while sitting" is a pose of its own).

Controls
--------
``Controls()`` stands. Degrees and metres; sideways values are plus to the person's own left for trunk and head,
plus OUTWARD for arms and legs on either side. See :mod:`training.controls` for all.

- Pelvis ``pitch`` (90 prone, -90 supine, 180 upside down), ``roll`` (90 on the left side), ``turn``; spine
  ``flex``, ``bend``, ``twist``; head ``nod`` (minus looks up), ``turn_head``, ``tilt``; ``heading`` turns the
  finished body.
- ``arm.angles(elevation, azimuth, elbow, rotation)``: (90, 0) forward, (90, 90) to the side, (178, 60) up, (50,
  180) back, (80, -40) across. ``rotation`` +90 with (90, 90, 90) has the forearm up, -90 down, 0 forward.
  ``arm.to(at.HIP)`` reaches a landmark; shift it with ``at.CHIN.moved(x, y, z)``; ``at.in_front(x, y, z)`` from the
  shoulder, ``at.on_floor(x, z)`` from below the pelvis. The WRIST is placed. The pole says where the elbow points.
- ``leg.angles(flexion, knee, abduction, rotation, ankle)`` for a free leg; ``leg.plant(x, z, knee=, toe_out=,
  heel=, knee_out=)`` for a foot on the ground.
- ``support``: "feet" (height from planted feet; ``knee`` of ``plant`` is the least bend: 80 is a half squat, 125 a
  deep one; the pelvis keeps the weight over the feet by itself, ``balance=0`` lets it lean); "seat" (hip joints at
  ``height``: 0.47 chair, 0.085 ground); "lowest" (lowest joint on the ground: kneeling, handstands, prone).
  ``lift`` raises it into the air (jumps: tag "airborne").
- ``level=(("left_foot", "right_foot"), ("left_wrist", "right_wrist"))`` tips a body with limbs set by angles until
  both groups are on the ground: plank, bridge, downward dog, all fours (knees and wrists).
"""
