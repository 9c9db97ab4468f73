"""Texts of the programme's assessments for each area that a post lacks. All of it is invented."""

AREAS = {
    "administration": (
        "Budget sheet of the post for this year, read with its head.",
        "Fuel and paper are paid by the officers themselves in the last months of a year.",
        "A running budget of the post, paid by quarter.",
        0,
    ),
    "regulatory": (
        "Standing orders of the border police; the newest is six years old.",
        "No order says who may ask the databases, and for what.",
        "A standing order on checks and on what follows a hit.",
        0,
    ),
    "operations": (
        "Two shifts were watched at the counter; every passage was counted for four hours.",
        "Documents are looked at, and not asked about, when more than ten persons wait.",
        "A second line beside the counter, and a rule whom it sees.",
        6_000,
    ),
    "information_systems": (
        "Inventory of computers and software, with the version of each.",
        "Two computers of nine years, without updates; registers are kept on paper.",
        "Four computers with a common register.",
        9_000,
    ),
    "connectivity": (
        "The network was measured for three days, an hour at a time.",
        "Mobile network for a few hours a day; nothing after dusk.",
        "A link of its own to the National Central Bureau.",
        28_000,
    ),
    "power": (
        "The meter was read twice a day, and the cuts were written down.",
        "Cuts of four to nine hours a day; the generator has no fuel.",
        "Solar panels with batteries for the counter.",
        14_000,
    ),
    "space": (
        "A plan of the building was drawn by hand and measured.",
        "No room in which somebody can be spoken to alone.",
        "One room for interviews, and one in which people can wait in the shade.",
        18_000,
    ),
    "equipment": (
        "Every reader and scanner was switched on once.",
        "One reader for documents works of three.",
        "Readers and a workstation for the counter and for the second line.",
        11_000,
    ),
    "staff": (
        "The roster of three months.",
        "One officer at night; leave is not replaced.",
        "A third shift, posted for two years.",
        0,
    ),
    "databases": (
        "Log of queries of the National Central Bureau, by day.",
        "Passports are read out over the telephone, a few a week.",
        "Own access of the post to SLTD and to the nominal database.",
        4_000,
    ),
    "language": (
        "Officers said which languages they speak; travellers were asked which they need.",
        "Nobody on the night shift speaks the languages of the neighbouring country.",
        "A list of interpreters on call.",
        1_500,
    ),
    "security": (
        "A walk around the post by day and by night.",
        "No fence and no light on the side of the road.",
        "Light, a fence, and a safe for seized documents.",
        16_000,
    ),
}  # fmt: skip
"""By area: the evidence of the score, the gap, a measure, and the cost of one step of the score in euro."""
