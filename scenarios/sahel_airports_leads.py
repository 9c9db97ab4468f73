"""Hypothesis and leads about the checks at the airports. All invented."""

from uuid import UUID

from scenarios.story import Story

_ANSWERS = (  # lead, country, day and hour, answer
    ("blanks", "MLI", 1, "10:00", "negative"),
    ("blanks", "NER", 1, "16:00", "accepted"),
    ("blanks", "NER", 4, "14:00", "positive"),
    ("agency", "MAR", 2, "09:00", "positive"),
    ("agency", "BFA", 3, "11:00", "accepted"),
)


def ask(story: Story) -> UUID:
    """State the hypothesis and ask the countries, by the analyst; return the lead that led to a result."""
    at = story.at(-9, "10:00")
    story.suppose(
        at,
        "Passports that were stolen blank are written in one place and sold in several, with tickets over Casablanca.",
        state="open",
        source="b",
        information="3",
    )
    seller = story.part(at, "group", "Sells passports with a ticket, by messenger groups.", source="b", information="3")
    writer = story.part(at, "cluster_role", "Writes blank passports of one theft.", source="c", information="3")
    story.join(at, writer, "supplies", seller, source="b", information="3")
    asked = {
        "blanks": story.task(
            story.at(-4, "11:00"),
            writer,
            "Were passports of the stolen series shown at your counters since summer?",
            ["MLI", "NER", "MRT"],
            story.at(5, "18:00"),
        ),
        "agency": story.task(
            story.at(-4, "12:00"),
            seller,
            "Which agencies sold tickets over Casablanca for cash, several a day?",
            ["MAR", "BFA"],
            story.at(6, "18:00"),
        ),
    }
    for lead, country, day, wall, answer in _ANSWERS:
        story.answer_lead(story.at(day, wall), asked[lead], country, answer)
    return asked["blanks"]
