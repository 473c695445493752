"""The caption grammar: base poses, their phrasings, and modifiers that change one part of a pose.

How to add a pose
-----------------
Open the module of its group in ``poses/`` (``standing.py`` is a good example) and write a builder::

    @pose("wave", group="gestures", predicates=("standing", "hand_above_shoulder:left"), locks=LEFT_ARM, right=0.7)
    def _wave(rng: Rng) -> Controls:
        c = stand(rng)  # or Controls(), on_chair(rng), kneel(rng), ...
        c.left_arm.angles(elevation=u(rng, 95, 115), azimuth=85, elbow=u(rng, 60, 95), rotation=90)
        return c

Then add its phrasings to ``phrasings/gestures.txt``::

    ## wave
    waving with [the|{his}] {side} hand
    waving [hello|goodbye|]
    held out: greeting someone with a raised {side} hand

Draw it with ``python -m training look gestures wave.png --names wave --draws 6``: a pose with a predicate that does
not hold has a red title. ``pytest tests/training/grammar -k wave`` tries ten seeds and both sides.

- **Build the left side.** In ``build`` and ``predicates`` the slot ``{side}`` is the left; the right side is the
  mirror image. So "kneeling on the {side} knee" builds the left knee down. If a phrasing has no ``{side}``, the pose
  is mirrored with probability ``right``: 0.5 unless given, 0 or 1 for what is always done on one side (shaking hands
  with the right hand: build the left, ``right=1.0``). Phrasings with and without ``{side}`` can be mixed.
- **Phrasings** follow "A person": "sitting on a [chair|stool|]". They begin with a verb in -ing or with "in", "on" or
  "with", and have no subject, capital or full stop. :mod:`training.grammar.templates` describes choices and slots.
  Each pose needs at least one held-out phrasing, in other words than the rest, not one of them with a word changed.
- **Roles of the sides** ("with the left foot in front", "right knee down") are found from the joints and added in
  training; see :mod:`training.grammar.roles`. Write only those that it cannot find.
- **Random variation** is added to all angles (about 3 degrees) and to feet and hand targets (about 1 cm). Use
  ``u(rng, low, high)`` for what people vary beyond that: how high, which of two ways. ``spread`` scales the automatic
  part; 0.6 suits poses that must be exact.
- **Locks** name the parts that carry the body or define the pose; modifiers do not move them. Do not lock what a
  caption may change: "waving with the left hand while sitting" is a pose of its own.

How to describe a body
----------------------
``Controls()`` stands. All numbers are degrees or metres. Sideways is positive to the person's own left for trunk and
head, and positive OUTWARD for both arms and both legs. :mod:`training.controls` describes every number.

- ``c.set(...)`` sets the pelvis: ``pitch`` (90 prone, -90 supine, 180 upside down), ``roll`` (90 on the left side),
  ``turn``; the spine: ``flex``, ``bend``, ``twist``; and the head: ``nod`` (negative looks up), ``turn_head``,
  ``tilt``. ``heading`` turns the finished body.
- ``arm.angles(elevation, azimuth, elbow, rotation)``: (90, 0) is forward, (90, 90) to the side, (178, 60) up, (50, 180)
  back, (80, -40) across. ``rotation=90`` with (90, 90, 90) has the forearm up, -90 down, 0 forward.
- ``arm.to(at.HIP)`` places the WRIST at a landmark; ``at.CHIN.moved(x, y, z)`` shifts it, ``at.in_front(x, y, z)`` is
  measured from the shoulder, ``at.on_floor(x, z)`` from below the pelvis. The pole says where the elbow points.
- ``leg.angles(flexion, knee, abduction, rotation, ankle)`` poses a free leg;
  ``leg.plant(x, z, knee=, toe_out=, heel=, knee_out=)`` puts a foot on the ground.
- ``support`` is "feet" (the planted feet set the height; ``knee`` of ``plant`` is the minimum bend: 80 is a half squat,
  125 a deep one; the pelvis keeps the weight over the feet, ``balance=0`` lets the body lean), "seat" (hip joints at
  ``height``: 0.47 chair, 0.085 ground) or "lowest" (the lowest joint touches the ground: kneeling, handstands, prone).
  ``lift`` raises the body into the air, as in jumps; tag such poses ``AIRBORNE``.
- ``level=FEET_AND_WRISTS`` tips a body with limbs set by angles until feet and wrists are on the ground: plank, bridge,
  downward dog. ``KNEES_AND_WRISTS`` is for all fours.
"""
