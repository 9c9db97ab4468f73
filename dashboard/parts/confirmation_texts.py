"""Texts of confirmation dialogs, by the action of the step; `confirmation` attaches them to buttons."""

from typing import NamedTuple

from dashboard.wording import N_


class ConfirmationText(NamedTuple):
    """The question, the consequences, and the label of the button that confirms."""

    question: str
    follows: str
    yes: str


ASKINGS = {
    "report.reject": ConfirmationText(
        N_("Reject this report for good?"),
        N_("It ceases to count and cannot be corrected: its country has to send a new one."),
        N_("Yes, reject it"),
    ),
    "report.verify_many": ConfirmationText(
        N_("Answer for all chosen reports?"),
        N_("Each climbs one level under your name. You say that you have read them."),
        N_("Yes, I answer for them"),
    ),
    "report.withdraw": ConfirmationText(
        N_("Withdraw this report?"),
        N_("It ceases to count. It stays readable, and only a new report can bring its figures back."),
        N_("Yes, withdraw it"),
    ),
    "hit.change": ConfirmationText(
        N_("Change this answer?"),
        N_("The figures follow the new answer. The one before and your reason stand in the journal."),
        N_("Yes, change it"),
    ),
    "data.erased": ConfirmationText(
        N_("Erase what it says?"),
        N_("The words are gone for good, old versions included; states, days and numbers stay."),
        N_("Yes, erase it"),
    ),
    "reports.leave_out": ConfirmationText(
        N_("Leave these reports out?"),
        N_("They are named with your reason on the page of the operation, for everybody who reads its figures."),
        N_("Yes, leave them out"),
    ),
    "hits.unanswered": ConfirmationText(
        N_("Leave these hits unanswered?"),
        N_("They stay pending in the figures. Your reason stands on the page of the countries."),
        N_("Yes, leave them unanswered"),
    ),
    "plan.freeze": ConfirmationText(
        N_("Freeze the plan as it is now?"),
        N_("A numbered version is made that stays for ever and is never changed."),
        N_("Yes, freeze it"),
    ),
    "plan.approve": ConfirmationText(
        N_("Put this version in force?"),
        N_("It replaces the version that is in force now, and everybody is told."),
        N_("Yes, put it in force"),
    ),
    "oplan.approve": ConfirmationText(
        N_("Approve the amendment?"),
        N_("The operational plan is frozen anew, as a version that stays for ever."),
        N_("Yes, approve it"),
    ),
    "participation.leave": ConfirmationText(
        N_("Leave the operation?"),
        N_("Your people go on reading what they reported, and nothing else of the operation."),
        N_("Yes, leave"),
    ),
    "participation.close": ConfirmationText(
        N_("Close this country?"),
        N_("Nothing more is expected from it, and it cannot take its final word back any more."),
        N_("Yes, close it"),
    ),
    "participation.close_all": ConfirmationText(
        N_("Close these countries?"),
        N_("Nothing more is expected from them, and they cannot take their final word back any more."),
        N_("Yes, close them"),
    ),
    "work.end": ConfirmationText(
        N_("End this person's work here?"),
        N_("From the next request on the operation is out of that person's reach. What was done stays."),
        N_("Yes, end it"),
    ),
    "site.close": ConfirmationText(
        N_("Close this site?"), N_("It reports no more from now on. What it reported stays."), N_("Yes, close it")
    ),
    "post.close": ConfirmationText(
        N_("Take this post out of the register?"),
        N_("Nothing is planned for it any more. What was written of it stays."),
        N_("Yes, take it out"),
    ),
    "centre.end": ConfirmationText(
        N_("End the connection with the centre?"),
        N_("What waits does not leave any more. What was sent stays at the centre."),
        N_("Yes, end it"),
    ),
    "needs.validate": ConfirmationText(
        N_("Validate this assessment for your country?"),
        N_("Its scores and the queries of today are not changed any more; changes are measured against them."),
        N_("Yes, validate it"),
    ),
    "needs.refuse": ConfirmationText(
        N_("Refuse this assessment?"), N_("It ends with your reason. A new one can be requested."), N_("Yes, refuse it")
    ),
    "needs.not_accessible": ConfirmationText(
        N_("End this assessment?"),
        N_("It ends with your reason. A new one can be requested when the post can be reached."),
        N_("Yes, end it"),
    ),
    "equipment.retire": ConfirmationText(
        N_("Retire this equipment?"),
        N_("It is not counted among what is there any more. Its history stays."),
        N_("Yes, retire it"),
    ),
    "equipment.lose": ConfirmationText(
        N_("Say that this equipment is lost?"),
        N_("It is not counted among what is there any more. Its history stays."),
        N_("Yes, it is lost"),
    ),
    "equipment.drop": ConfirmationText(
        N_("Drop this equipment?"), N_("It will not be delivered. It stays with your reason."), N_("Yes, drop it")
    ),
    "link.close": ConfirmationText(
        N_("Close this link?"), N_("It is not counted any more. A new one can be planned."), N_("Yes, close it")
    ),
    "link.refuse": ConfirmationText(
        N_("Refuse this link?"), N_("It is not built, and stays with your reason."), N_("Yes, refuse it")
    ),
    "review.agree": ConfirmationText(
        N_("Agree to these findings for your country?"),
        N_("They stand as they are, with what your country said of them, and projects can be made of them."),
        N_("Yes, agree"),
    ),
    "review.refuse": ConfirmationText(
        N_("Refuse this review?"), N_("It ends with your reason. A new one can be asked for."), N_("Yes, refuse it")
    ),
    "review.drop": ConfirmationText(
        N_("Drop this review?"), N_("It ends with your reason. A new one can be asked for."), N_("Yes, drop it")
    ),
    "project.hand_over": ConfirmationText(
        N_("Sign for this project?"),
        N_("Your country has all of it from now on: what belongs to it does not change any more."),
        N_("Yes, sign"),
    ),
    "project.stop": ConfirmationText(
        N_("Stop this project?"),
        N_("It stays with your reason, and what belonged to it can belong to another."),
        N_("Yes, stop it"),
    ),
    "course.refuse": ConfirmationText(
        N_("Refuse this course?"),
        N_("It is never held. It stays with your reason; a new one has to be designed."),
        N_("Yes, refuse it"),
    ),
    "course.retire": ConfirmationText(
        N_("Retire this course?"),
        N_("No run of it is scheduled any more. Certificates of it stay valid until their last day."),
        N_("Yes, retire it"),
    ),
    "run.cancel": ConfirmationText(
        N_("Cancel this run?"),
        N_("It is not held, and nobody is enrolled in it any more. It stays with your reason."),
        N_("Yes, cancel it"),
    ),
    "certificate.revoke": ConfirmationText(
        N_("Revoke this certificate?"),
        N_("From now on whoever scans it reads that it is not valid. Another needs another run of the course."),
        N_("Yes, revoke it"),
    ),
    "certificate.drop": ConfirmationText(
        N_("Drop this certificate?"),
        N_("It is not issued. It stays with your reason, and another can be drawn up."),
        N_("Yes, drop it"),
    ),
    "enrolment.withdraw": ConfirmationText(
        N_("Take this enrolment back?"),
        N_("The seat is free again, and the officer can be enrolled anew while there are seats."),
        N_("Yes, take it back"),
    ),
    "team.close": ConfirmationText(
        N_("Take this team off the roster?"),
        N_("It cannot be offered or ordered any more. Its history stays."),
        N_("Yes, take it off"),
    ),
    "offer.accept": ConfirmationText(
        N_("Accept this team?"),
        N_("Its deployment begins, and its country is told. It cannot be declined any more, only stood down."),
        N_("Yes, accept it"),
    ),
    "operation.end_now": ConfirmationText(
        N_("End the operation now?"),
        N_("What is missing can still be reported, verified and corrected; the operation itself does not run again."),
        N_("Yes, end it now"),
    ),
    "deployment.stand_down": ConfirmationText(
        N_("Stand this team down?"),
        N_("Its deployment ends here; it has to be offered and ordered anew to come back."),
        N_("Yes, stand it down"),
    ),
    "fugitive.end": ConfirmationText(
        N_("End this case?"),
        N_("The case leaves the road for good. It stays readable until its time is over."),
        N_("Yes, end it"),
    ),
    "fugitive.somebody_else": ConfirmationText(
        N_("Is it somebody else?"),
        N_("The location is closed as negative, and what was written of the person is erased at once."),
        N_("Yes, somebody else"),
    ),
    "fugitive.same_person": ConfirmationText(
        N_("Is it the person of this notice?"),
        N_("The arrest counts from now on, and the case goes on to what follows an arrest."),
        N_("Yes, it is the person"),
    ),
    "appeal.publish": ConfirmationText(
        N_("Publish this list?"),
        N_("From now on the public can know of these cases; a case can be dropped, and never be unpublished."),
        N_("Yes, publish it"),
    ),
    "invitation.decline": ConfirmationText(
        N_("Decline the invitation?"),
        N_("Your country does not take part. The coordination can invite it again."),
        N_("Yes, decline"),
    ),
    "lead.revoke": ConfirmationText(
        N_("Take the lead back?"),
        N_("The country sees it no more, nor what it knows by it alone."),
        N_("Yes, take it back"),
    ),
    "account.factor_reset": ConfirmationText(
        N_("Do you know that the person lost it?"),
        N_(
            "You have spoken to the person by a way that you know. They are signed out, and their password alone opens "
            "the account. Until a second person confirms it, the account counts as yours where four eyes are needed."
        ),
        N_("Yes, remove it"),
    ),
    "account.identity_bound": ConfirmationText(
        N_("Do you know that this is the person's identity?"),
        N_(
            "The person told it to you by a way that you know. They are signed out, and who has this identity opens "
            "the account. Until a second person confirms it, the account counts as yours where four eyes are needed."
        ),
        N_("Yes, bind it"),
    ),
    "account.confirm": ConfirmationText(
        N_("Do you know that the person has the account?"),
        N_(
            "You have spoken to the person by a way that you know, and the person set the password alone. From now on "
            "the account is another pair of eyes than whoever invited it."
        ),
        N_("Yes, I know it"),
    ),
    "account.sign_out_country": ConfirmationText(
        N_("Sign out everybody of this country?"),
        N_("All their sessions end now. What is typed in a form stays in the browser, and they can sign in again."),
        N_("Yes, sign them out"),
    ),
    "account.close_country": ConfirmationText(
        N_("Close all accounts of this country?"),
        N_("All their sessions end now and nobody of them signs in again, until each account is opened again."),
        N_("Yes, close them"),
    ),
    "deconfliction.withdraw": ConfirmationText(
        N_("Withdraw this entry?"),
        N_("Its tag is erased and matches no more. What it matched stays."),
        N_("Yes, withdraw it"),
    ),
    "deconfliction.close": ConfirmationText(
        N_("Close this room?"),
        N_("The entries of all its countries are erased. Matches stay, with what was said of them."),
        N_("Yes, close it"),
    ),
    "dispatch.consent": ConfirmationText(
        N_("Consent that it is passed on?"),
        N_("The countries named get the message at once, and it cannot be taken back from them."),
        N_("Yes, pass it on"),
    ),
    "partner.admit": ConfirmationText(
        N_("Admit this partner?"),
        N_("From its first day on it is given what its list names; what it was given cannot be taken back from it."),
        N_("Yes, admit it"),
    ),
    "product.consent": ConfirmationText(
        N_("Consent that it is passed on?"),
        N_("Whoever is named has the product at once, and it cannot be taken back from them."),
        N_("Yes, pass it on"),
    ),
    "claim.dismiss": ConfirmationText(
        N_("Are they several?"),
        N_("All of these lines count, and are not suggested again unless somebody says why they are looked at again."),
        N_("Yes, they are several"),
    ),
    "claim.let": ConfirmationText(
        N_("Let the countries be asked?"),
        N_("Once all operations let it, each country sees what the other's arrest was matched by and on which day."),
        N_("Yes, let them be asked"),
    ),
    "claim.decide": ConfirmationText(
        N_("Decide that they are one?"),
        N_("It counts once from now on, in the line that counts. Each country keeps its line with its role."),
        N_("Yes, they are one"),
    ),
    "claim.separate": ConfirmationText(
        N_("Decide that they are several?"),
        N_("All of these lines count, and they are never suggested again."),
        N_("Yes, they are several"),
    ),
    "claim.lapse": ConfirmationText(
        N_("Close this claim?"),
        N_("It says nothing of the lines that stand: they can be suspected anew."),
        N_("Yes, close it"),
    ),
    "snapshot.sign": ConfirmationText(
        N_("Sign this snapshot for the coordination?"),
        N_("Countries cannot change any more what they said of it. Leadership is asked to sign it too."),
        N_("Yes, sign it"),
    ),
    "snapshot.approve": ConfirmationText(
        N_("Sign this snapshot for the leadership?"),
        N_("Its figures and its words stay as they are for ever; whatever is corrected goes into the next one."),
        N_("Yes, sign it"),
    ),
    "snapshot.publish": ConfirmationText(
        N_("Publish this snapshot?"),
        N_("Its figures are the official ones for everybody in the operation, and the one before is superseded."),
        N_("Yes, publish it"),
    ),
    "snapshot.drop": ConfirmationText(
        N_("Drop this snapshot?"),
        N_("It is not signed any more. It stays with your reason, and a new one has to be prepared."),
        N_("Yes, drop it"),
    ),
    "recommendation.reject": ConfirmationText(
        N_("Reject this recommendation?"),
        N_("It is not carried out. It stays with your reason; a new one has to be proposed."),
        N_("Yes, reject it"),
    ),
    "recommendation.close": ConfirmationText(
        N_("Close this recommendation?"),
        N_("It counts as carried out from now on, with what was given as proof."),
        N_("Yes, close it"),
    ),
    "recommendation.drop": ConfirmationText(
        N_("Drop this recommendation?"),
        N_("Nobody works on it any more. It stays with your reason, and counts as accepted and not carried out."),
        N_("Yes, drop it"),
    ),
    "evaluation.draft": ConfirmationText(
        N_("Send the draft to the countries?"),
        N_("Nothing is written until each has had its word; what you judge then takes that word into account."),
        N_("Yes, send it"),
    ),
    "evaluation.final": ConfirmationText(
        N_("Make this evaluation final?"),
        N_("Methods and judgements stand as they are for ever, and what it recommends is decided."),
        N_("Yes, it is final"),
    ),
    "evaluation.agree": ConfirmationText(
        N_("Has your country nothing to add?"),
        N_("That is its word on this draft, and it cannot be taken back."),
        N_("Yes, nothing to add"),
    ),
    "evaluation.comment": ConfirmationText(
        N_("Send this comment?"),
        N_("It stands in your country's name and is answered; it cannot be taken back."),
        N_("Yes, send it"),
    ),
    "evaluation.answer": ConfirmationText(
        N_("Send this answer?"),
        N_("It stands beside the comment, and the country's word is complete with it."),
        N_("Yes, send it"),
    ),
    "evaluation.go_on": ConfirmationText(
        N_("Go on without this country?"),
        N_("It is not asked any more; your reason stands in its place."),
        N_("Yes, go on"),
    ),
    "evaluation.close": ConfirmationText(
        N_("Close this evaluation?"),
        N_("What came of it stands with it, and nothing in it moves any more."),
        N_("Yes, close it"),
    ),
    "evaluation.cancel": ConfirmationText(
        N_("Cancel this evaluation?"),
        N_("It stays with your reason; nothing that was collected is judged."),
        N_("Yes, cancel it"),
    ),
    "task.cancel": ConfirmationText(
        N_("Cancel this task?"), N_("Nobody works on it any more; it stays with its reason."), N_("Yes, cancel it")
    ),
}
