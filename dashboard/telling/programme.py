"""Sentences for the programme: posts, needs, equipment, training. They name countries, kinds, days and states."""

from dashboard.telling.names import Names, coded, day_of, raw_value
from dashboard.telling.sentence_rows import row, steps
from dashboard.wording import N_, _
from operations.core.journal import Entry
from operations.exchange.deconfliction_rows import ROOM, SIDE
from operations.exchange.directory import LIFE as DIRECTORY_LIFE
from operations.exchange.partner_rows import LIFE as PARTNER_LIFE
from operations.infrastructure.rows import LIFE as EQUIPMENT_LIFE
from operations.infrastructure.rows import LINKS
from operations.modernisation import project_rows as projects
from operations.modernisation import review_rows as reviews
from operations.needs.rows import LIFE as ASSESSMENT
from operations.training import curricula
from operations.training import enrolment_rows as enrolled
from operations.training import rows as training
from operations.training import trainer_rows as trainers


def staged(entry: Entry, _names: Names) -> str:
    """Return the stage of a project's money in words."""
    kind: str = entry.detail["stage"]
    return _(projects.MONEY[kind])


POSTS = {
    "post.register": row(
        "building", N_("{country}: a post was registered ({kind})."), kind=coded("CL-SITETYPE", "site_type")
    ),
    "post.describe": row("notebook", N_("{country}: it was written down what a post has.")),
    "post.link": row("link", N_("{country}: a site of an operation was joined to its post.")),
    "role.say": row("route", N_("{country}: it was said what the country is on the routes.")),
    "post.close": row("map-pin-off", N_("{country}: a post was taken out of the register.")),
}
NEEDS = {
    "needs.request": row(
        "clipboard-check", N_("{country}: the assessment of a post was requested, until {day}."), day=day_of("due")
    ),
    "needs.find": row(
        "notebook",
        N_("{country}: it was filled in what a visit found. I-24/7: {feasible}."),
        feasible=coded("CL-FEASIBILITY", "feasibility"),
    ),
    "needs.answer": row(
        "list-check", N_("{country}: an area of a post was scored: {area}."), area=coded("CL-NEEDAREA", "area")
    ),
    **steps(ASSESSMENT, N_("{country}: the assessment of a post went from {before} to {after}.")),
    "engagement.write": row(
        "users",
        N_("{country}: a talk with a counterpart was written down ({level})."),
        level=coded("CL-ENGAGEMENT", "level"),
    ),
    "engagement.follow_up": row("check", N_("{country}: a talk with a counterpart was followed up.")),
}
EQUIPMENT = {
    "equipment.plan": row(
        "package",
        N_("{country}: equipment was planned ({kind}), promised for {day}."),
        kind=coded("CL-EQUIPMENT", "what"),
        day=day_of("due"),
    ),
    "equipment.query": row("search", N_("{country}: a query was made with equipment on {day}.")),
    **steps(EQUIPMENT_LIFE, N_("{country}: equipment went from {before} to {after}.")),
    "link.propose": row("link", N_("{country}: a link was written down, promised for {day}."), day=day_of("due")),
    **steps(LINKS, N_("{country}: a link went from {before} to {after}.")),
}
MODERNISING = {
    "review.ask": row(
        "clipboard-check", N_("{country}: the review of a bureau or post was asked for, until {day}."),
        day=day_of("due"),
    ),
    "review.write": row(
        "notebook", N_("{country}: a finding of a review was written down: {area}."),
        area=coded("CL-NEEDAREA", "area"),
    ),
    "review.comment": row("message", N_("{country}: the country commented on a review.")),
    **steps(reviews.LIFE, N_("{country}: a review went from {before} to {after}.")),
    **steps(reviews.FINDINGS, N_("{country}: a finding of a review was withdrawn.")),
    "project.propose": row(
        "bulb", N_("{country}: a project was proposed, to be handed over until {day}."), day=day_of("due")
    ),
    **steps(projects.LIFE, N_("{country}: a project went from {before} to {after}.")),
    "project.gather": row("link", N_("{country}: more belongs to a project: {parts}.")),
    **steps(projects.GATHERED, N_("{country}: something was taken out of a project.")),
    "project.pay": row("building-bank", N_("{country}: money of a project was written down ({stage})."), stage=staged),
    **steps(projects.PAID, N_("{country}: money of a project was withdrawn.")),
    "milestone.set": row("flag", N_("{country}: a milestone of a project was set, due on {day}."), day=day_of("due")),
    **steps(projects.MILESTONES, N_("{country}: a milestone of a project went from {before} to {after}.")),
}  # fmt: skip
CONNECTING = {
    "connect.plan": row("plug-connected", N_("It was asked which posts to connect; posts in question: {posts}.")),
    "connect.cancel": row("player-stop", N_("A connection plan was stopped.")),
    "connect.finish": row("plug-connected", N_("A connection plan is made.")),
    "connect.fail": row("plug-connected-x", N_("A connection plan could not be made.")),
    "connect.stop": row("player-stop", N_("A connection plan has stopped.")),
    "connect.adopt": row("link", N_("A connection plan was adopted: {links} links.")),
}
SHEETS = {
    "sheet_mapping.remember": row(
        "file-spreadsheet",
        N_("{country}: what a sheet of its own means was remembered ({kind}, version {version})."),
        kind=coded("CL-LINE", "what"),
        version=raw_value("version"),
    ),
    "sheet_mapping.forget": row(
        "file-spreadsheet",
        N_("{country}: what a sheet of its own means was forgotten ({kind})."),
        kind=coded("CL-LINE", "what"),
    ),
}
USAGE = {
    "usage.count": row("search", N_("{country}: a month of a post was counted: {number}.")),
    "usage.correct": row("arrow-back-up", N_("{country}: a count of a month was corrected to {number}.")),
}
TRAINING = {
    "course.design": row("school", N_("{country}: a course was designed ({topic})."), topic=coded("CL-TOPIC", "topic")),
    "course.rewrite": row("notebook", N_("{country}: a course was written anew.")),
    **steps(training.COURSES, N_("{country}: a course went from {before} to {after}.")),
    "phase.train": row("school", N_("A run of a course in {host}, from {day} on, became the training phase.")),
    "phase.part": row(
        "arrow-back-up", N_("A run of a course in {host}, from {day} on, is not the training phase any more."),
    ),
    "run.schedule": row("school", N_("{country}: a run of a course was scheduled in {host}, from {day} on.")),
    **steps(training.RUNS, N_("{country}: a run of a course went from {before} to {after}.")),
    "enrolment.make": row("user-plus", N_("{country}: people were enrolled in a course: {people}.")),
    "enrolment.test": row("list-check", N_("{country}: points of a test before or after a course were entered.")),
    **steps(enrolled.ENROLMENTS, N_("{country}: an enrolment in a course went from {before} to {after}.")),
    "certificate.draw": row("certificate", N_("{country}: a certificate of a course was drawn up.")),
    **steps(enrolled.CERTIFICATES, N_("{country}: a certificate of a course went from {before} to {after}.")),
    "curriculum.share": row("book", N_("{country}: a course was shared with an academy.")),
    **steps(curricula.LIFE, N_("{country}: a curriculum shared with an academy went from {before} to {after}.")),
    "trainer.nominate": row("user-plus", N_("{country}: a trainer of a course was nominated.")),
    **steps(trainers.TRAINERS, N_("{country}: a trainer of a course went from {before} to {after}.")),
    "cascade.announce": row("school", N_("{country}: a trainer announced a cascade run, from {day} on.")),
    **steps(trainers.CASCADES, N_("{country}: a cascade run went from {before} to {after}.")),
}  # fmt: skip
DECONFLICTION = {
    "deconfliction.open": row("affiliate", N_("{country}: a deconfliction room of {number} countries was opened.")),
    "deconfliction.enter": row("lock", N_("{country}: what the country works on was entered as tags: {number}.")),
    "deconfliction.withdraw": row(
        "arrow-back-up",
        N_("{country}: entry {number} of a deconfliction room was withdrawn."),
    ),
    "deconfliction.match": row(
        "phone",
        N_("{country} and {other} work on the same ({kind}) and were told to talk."),
        kind=coded("CL-DECONFLICT", "kind"),
    ),
    **steps(SIDE, N_("{country}: what it says of a match went from {before} to {after}.")),
    **steps(ROOM, N_("{country}: a deconfliction room went from {before} to {after}.")),
}
DISPATCHES = {
    "dispatch.send": row("send", N_("{country}: a message was sent to other countries: {number}.")),
    "dispatch.read": row("check", N_("{country} confirmed that it has read a message.")),
    "dispatch.answer": row("send", N_("{country} answered a message.")),
    "dispatch.pass_on": row("arrow-forward-up", N_("{country} passed a message on to other countries: {number}.")),
    "dispatch.ask": row("help-circle", N_("{country} asked the originator whether a message may be passed on.")),
    "dispatch.consent": row(
        "arrow-forward-up", N_("{country} consented, and a message was passed on to other countries: {number}."),
    ),
    "dispatch.refuse": row("ban", N_("{country} refused that a message is passed on.")),
    "dispatch.erase": row("eraser", N_("{country}: a message was erased when its time was over.")),
}  # fmt: skip
PARTNERS = {
    "partner.propose": row("building-community", N_("{partner} was proposed as a partner of the operation.")),
    **steps(PARTNER_LIFE, N_("{partner}, a partner of the operation, went from {before} to {after}.")),
}
_CODE = {"code": coded("CL-HANDL", "handling")}
PRODUCTS = {
    "product.ask": row("help-circle", N_("{country}: an intelligence product was asked for ({code})."), **_CODE),
    "product.accept": row("check", N_("{country}: an intelligence product that was asked for was accepted.")),
    "product.refuse": row("ban", N_("{country}: an intelligence product that was asked for was refused.")),
    "product.withdraw": row("arrow-back-up", N_("{country}: a question for an intelligence product was withdrawn.")),
    "product.write": row(
        "file-text", N_("An intelligence product was written ({code}), for others beside who asked: {number}."),
        **_CODE,
    ),
    "product.share": row(
        "arrow-forward-up", N_("An intelligence product was given to others ({code}): {number}."), **_CODE,
    ),
    "product.consult": row(
        "help-circle", N_("{country} was asked whether others may have a product with its information ({code})."),
        **_CODE,
    ),
    "product.consent": row(
        "arrow-forward-up", N_("{country} consented that others have a product with its information ({code})."), **_CODE
    ),
    "product.object": row(
        "ban", N_("{country} refused that others have a product with its information ({code})."), **_CODE
    ),
    "product.pass_on": row("mail", N_("{country}: an intelligence product is for the country ({code})."), **_CODE),
    "product.deliver": row("send", N_("{country}: the intelligence product that was asked for is delivered.")),
    "product.receive": row("check", N_("{country}: an intelligence product was read.")),
    "product.use": row(
        "git-merge", N_("{country}: an intelligence product was used ({use})."), use=coded("CL-PRODUCTUSE", "led_to")
    ),
    "product.leave": row("circle-x", N_("{country}: an intelligence product was not used.")),
    "product.erase": row("eraser", N_("{country}: an intelligence product was erased when its time was over.")),
}  # fmt: skip
CENTRES = {
    "centre.connect": row("plug-connected", N_("{country} connected an operation with that of a centre.")),
    "centre.renew": row("key", N_("{country} gave the connection with a centre a new token.")),
    "centre.end": row("plug-connected-x", N_("{country} ended the connection with a centre.")),
    "centre.match": row("map-pin", N_("{country} chose which site of a centre is {site}."), site=raw_value("site")),
    "centre.settle": row(
        "git-merge",
        N_("{country} decided which figures stand at a centre. Report: {report}."),
        report=raw_value("report"),
    ),
    "centre.send": row(
        "send", N_("{country} sent figures to a centre. Reports: {reports}."), reports=raw_value("reports")
    ),
    "centre.answer": row(
        "arrow-back-up",
        N_("{country}: a centre answered. Accepted: {accepted}. Refused: {refused}."),
        accepted=raw_value("accepted"),
        refused=raw_value("refused"),
    ),
}
DIRECTORY = {
    "directory.enter": row(
        "users",
        N_("{country}: an office was put into the directory of the network ({specialism})."),
        specialism=coded("CL-SPEC", "specialism"),
    ),
    "directory.did": row(
        "notebook",
        N_("{country}: it was written down what a member of the network did ({what})."),
        what=coded("CL-ISONACT", "what"),
    ),
    **steps(DIRECTORY_LIFE, N_("{country}: an office of the network went from {before} to {after}.")),
}
