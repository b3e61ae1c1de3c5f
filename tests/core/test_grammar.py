"""Typed words and filled forms: what parses, what is refused, and that nothing at all can raise."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.answers import Refused
from bot.core.commands import (
    CONTACT_ANSWERS,
    Acknowledge,
    AskContact,
    CastBallot,
    ChoosePings,
    Confirm,
    Correct,
    Extend,
    HandOver,
    HelpDco,
    LiftObjection,
    LinkAccount,
    MakeVoid,
    MemberCommand,
    Mute,
    Nominate,
    Practice,
    Propose,
    ProposeRemoval,
    RaiseObjection,
    RecordAnswer,
    RecordBallot,
    RecordContact,
    ReleaseAccount,
    Rerun,
    RetractBallot,
    Second,
    Snooze,
    StepDown,
    TakeContact,
    TakeInvitation,
    Withdraw,
)
from bot.core.grammar import Ask, Parsed, Query, parse, read
from bot.core.menu import BY_NAME, COMMAND, FORMS, VERBS, Verb
from tests.core.builders import START


def parsed(text: str) -> Parsed:
    result = parse(text, via="command", acted_at=START)
    assert isinstance(result, Parsed), result
    return result


def refused(text: str) -> Refused:
    result = parse(text, via="command", acted_at=START)
    assert isinstance(result, Refused), result
    return result


def nominated(text: str) -> Nominate:
    ask = parsed(f"nominate {text}").ask
    assert isinstance(ask, Nominate)
    return ask


ASKS: dict[str, Ask] = {
    "practice": Practice(title="Shall we have tea?", minutes=10),
    "nominate": Nominate(
        login="newperson",
        role="maintainer",
        sponsor="ada",
        months=7,
        evidence="40 reviews since May",
        text="Reviewed most of the storage work, triages every week.",
    ),
    "yes": CastBallot(choice="yes", reason=None, via="command", acted_at=START),
    "no": CastBallot(choice="no", reason=None, via="command", acted_at=START),
    "abstain": CastBallot(choice="abstain", reason=None, via="command", acted_at=START),
    "retract": RetractBallot(acted_at=START),
    "object": RaiseObjection(reason="The storage driver has no other reviewer.", acted_at=START),
    "dco": HelpDco(pull=17),
    "link": LinkAccount(),
    "unlink": ReleaseAccount(),
    "withdraw": Withdraw(reason="Wrong person, sorry."),
    "correct": Correct(text="Reviewed most of the cache work (not storage), triages every week."),
    "second": Second(),
    "invite": TakeInvitation(),
    "accepted": RecordAnswer(accepted=True, name="New Person", email="new@example.org"),
    "declined": RecordAnswer(accepted=False, name="", email=""),
    "acknowledge": Acknowledge(),
    "propose": Propose(
        policy="", title="Drop Go 1.21", text="We stop testing with Go 1.21 from the next release on.", link=""
    ),
    "resolve": Propose(
        policy="resolve",
        title="Keep the v2 API",
        text="The v2 API stays until release 5.",
        link="https://github.com/o/r/issues/7",
    ),
    "step-down": StepDown(note="New job, less time. It was a pleasure."),
    "confirm": Confirm(),
    "hand-over": HandOver(area="The storage drivers and their two open pull requests.", taker="ada"),
    "contact": AskContact(login="person"),
    "pings": ChoosePings(zone="Europe/Berlin", hours=(9, 17)),
    "pings-on": ChoosePings(on=True),
    "pings-off": ChoosePings(on=False),
    "contact-take": TakeContact(),
    **{f"contact-{answer}": RecordContact(answer=answer) for answer in CONTACT_ANSWERS},
    "remove": ProposeRemoval(),
    "record": RecordBallot(voter="ada", choice="yes", link="https://lists.example.org/m/1", acted_at=START),
    "lift": LiftObjection(),
    "extend": Extend(by="2bd", reason="Half of us were at the conference."),
    "void": MakeVoid(reason="The issue's text was edited while we voted."),
    "rerun": Rerun(),
    "snooze": Snooze(),
    "mute": Mute(),
    "mine": Query(verb="mine"),
    "whoami": Query(verb="whoami"),
    "why": Query(verb="why", topic="person"),
    "review": Query(verb="review"),
    "candidates": Query(verb="candidates"),
    "status": Query(verb="status"),
    "list": Query(verb="list"),
    "help": Query(verb="help", topic="nominate"),
}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_example_of_every_verb_is_what_the_verb_says(verb: Verb) -> None:
    result = parsed(verb.example.removeprefix(f"{COMMAND} "))
    assert (result.verb, result.ask) == (verb.name, ASKS[verb.name])
    assert result.motion == (12 if verb.about == "motion" else 0)


def test_every_command_of_a_member_can_be_typed() -> None:
    others = {Query, ChoosePings, HelpDco, LinkAccount, ReleaseAccount}
    assert {type(ask) for ask in ASKS.values()} - others == set(get_args(MemberCommand))
    assert set(ASKS) == set(BY_NAME)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_usage_of_every_verb_names_all_that_it_takes(verb: Verb) -> None:
    assert verb.usage.startswith(f"{COMMAND} {verb.name}")
    assert all((field.flag if field.place == "flag" else field.name) in verb.usage.lower() or field.kind == "person"
               for field in verb.fields)  # fmt: skip
    assert verb.summary
    assert verb.help.endswith(".")


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        *(("YES 12", "yes"), ("+1 12", "yes"), ("approve 12", "yes"), ("vote-yes 12", "yes"), ("yes\n12", "yes")),
        *(("-1 12", "no"), ("reject 12", "no"), ("vote-no 12", "no"), ("  no   12  ", "no")),
        *(("", "help"), ("Help", "help")),
    ],
)
def test_verbs_are_read_in_any_case_and_by_their_other_names(typed: str, verb: str) -> None:
    assert parsed(typed).verb == verb


@pytest.mark.parametrize(
    ("typed", "motion", "reason"),
    [
        ("yes", 0, None),
        ("yes 12", 12, None),
        ("yes #12", 12, None),
        ("yes 12, well deserved", 12, "well deserved"),
        ("yes 12: well deserved", 12, "well deserved"),
        ("yes 12. Well deserved.", 12, "Well deserved."),
        ("yes 12 they have 12 reviews", 12, "they have 12 reviews"),
        ('yes 12 "well deserved"', 12, "well deserved"),
        ("yes 12 “well deserved”", 12, "well deserved"),
        ("yes 12 „well deserved“", 12, "well deserved"),
        ("yes 12 «well deserved»", 12, "well deserved"),
        ('yes 12 "well" deserved', 12, '"well" deserved'),
        ("yes 12 two\nlines", 12, "two\nlines"),
        ("yes 12 two\r\nlines", 12, "two\nlines"),
        ("yes 12th time", 0, "12th time"),
        ("yes twelve", 0, "twelve"),
        ("yes ١٢", 0, "١٢"),
        ("yes 1234567890", 0, "1234567890"),
        ("yes 12 --", 12, "--"),
    ],
)
def test_a_ballot_has_a_number_and_a_reason_as_it_was_typed(typed: str, motion: int, reason: str | None) -> None:
    result = parsed(typed)
    assert isinstance(result.ask, CastBallot)
    assert (result.motion, result.ask.reason) == (motion, reason)


def test_options_come_in_any_order_before_the_text() -> None:
    one = nominated('@newperson --months 7 --role reviewer --evidence "40 reviews" Kind and thorough.')
    other = nominated('@newperson --evidence "40 reviews" --role reviewer --months 7 Kind and thorough.')
    assert one == other
    assert (one.login, one.role, one.months, one.text) == ("newperson", "reviewer", 7, "Kind and thorough.")


@pytest.mark.parametrize(
    "flags",
    [
        '--months 7 --evidence "40 reviews"',
        '--months=7 --evidence="40 reviews"',
        "--months=7 --evidence=“40 reviews”",
        '--months= 7 --evidence= "40 reviews"',
        "—months 7 —evidence “40 reviews”",
        "–months 7 –evidence „40 reviews“",
        '--MONTHS 7 --Evidence "40 reviews"',
        '--months "7"\n--evidence "40 reviews"\n',
    ],
)
def test_options_are_read_as_phones_and_people_type_them(flags: str) -> None:
    ask = nominated(f"@newperson {flags} Kind.")
    assert (ask.months, ask.evidence, ask.text) == (7, "40 reviews", "Kind.")


def test_a_quoted_value_holds_dashes_equal_signs_and_other_quotes() -> None:
    ask = nominated('@x --months 7 --evidence "--role reviewer = «no» “quotes”" Kind.')
    assert (ask.evidence, ask.role) == ("--role reviewer = «no» “quotes”", "maintainer")


def test_a_text_keeps_its_own_dashes_numbers_and_lines() -> None:
    ask = nominated("@x --months 7 --evidence e First - second.\n  --months 9 stays text.")
    assert ask.text == "First - second.\n  --months 9 stays text."
    assert ask.months == 7


def test_a_quote_that_is_never_closed_is_a_letter_like_any_other() -> None:
    assert nominated('@x --months 7 --evidence "40 reviews since May').evidence == '"40'


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("dance", "unknown-verb"),
        ("/moot yes", "unknown-verb"),
        ("nominate", "value-missing"),
        ("nominate @x", "value-missing"),
        ("nominate @x --months 7 Kind.", "value-missing"),
        ("nominate @x --months 7 --evidence e", "value-missing"),
        ("nominate @x --colour red Kind.", "unknown-flag"),
        ("nominate @x --months 7 --months 8 --evidence e Kind.", "flag-twice"),
        ("nominate @x --months seven --evidence e Kind.", "months-unfit"),
        ("practice --minutes ten Tea?", "minutes-unfit"),
        ("practice --minutes 0 Tea?", "minutes-unfit"),
        ("practice --minutes 123456 Tea?", "minutes-unfit"),
        ("nominate @x --months -7 --evidence e Kind.", "months-unfit"),
        ("nominate @x --months 7.5 --evidence e Kind.", "months-unfit"),
        ("nominate @x --months 12345 --evidence e Kind.", "months-unfit"),
        ("nominate @x --months ٧ --evidence e Kind.", "months-unfit"),
        ("nominate @x --role king --months 7 --evidence e Kind.", "unknown-role"),
        ("object 12", "value-missing"),
        ("withdraw 12", "value-missing"),
        ("correct 12", "value-missing"),
        ('object 12 ""', "value-missing"),
        ("retract 12 please", "words-too-many"),
        ("list everything", "words-too-many"),
        ("yes 12 --because it is", "unknown-flag"),
        ("yes 12 --repo other", "unknown-flag"),
        ("list --repo a --repo b", "flag-twice"),
        ("record 12 --voter @ada --choice maybe --link https://x.org", "unknown-choice"),
        ("record 12 --voter @ada --choice yes", "value-missing"),
        ("record 12 --choice yes --link https://x.org", "value-missing"),
        ("extend 12 --by 2bd", "value-missing"),
        ("extend 12 Because.", "value-missing"),
        ("void 12", "value-missing"),
        ("resolve --title T The text.", "value-missing"),
        ("resolve --link https://x.org/1 The text.", "value-missing"),
        ("propose --title T", "value-missing"),
        ("contact", "value-missing"),
        ("contact @a please", "words-too-many"),
        ("confirm 12 yes", "words-too-many"),
        ("hand-over 12", "value-missing"),
        ("accepted 12 --phone 1", "unknown-flag"),
        ("accepted 12 New Person", "words-too-many"),
    ],
)
def test_what_is_not_understood_is_refused_and_not_guessed(typed: str, code: str) -> None:
    assert refused(typed).code == code


@pytest.mark.parametrize(
    "typed", ["nominate @x --months", "nominate --months 7 @x", "nominate @x --sponsor --months 7"]
)
def test_an_option_without_its_value_never_opens_anything(typed: str) -> None:
    assert isinstance(parse(typed, via="command", acted_at=START), Refused)


def test_a_refusal_names_the_verb_and_the_field_and_nothing_that_was_typed() -> None:
    assert refused("nominate @x --months 7 Kind.").params == {"verb": "nominate", "field": "evidence"}
    assert refused("nominate @x --months 7 --months 8 Kind.").params == {"verb": "nominate", "flag": "months"}
    assert refused("nominate @x --secret 7 Kind.").params == {"verb": "nominate"}
    assert refused("dance").params == {}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_makes_the_same_command_as_typed_words(name: str) -> None:
    verb = BY_NAME[name]
    values: dict[str, Any] = {
        "nominate": {
            "login": "@newperson",
            "role": "maintainer",
            "sponsor": "@Ada",
            "months": " 7 ",
            "evidence": "40 reviews since May",
            "text": "Reviewed most of the storage work, triages every week.\r\n",
        },
        "object": {"reason": "The storage driver has no other reviewer."},
        "withdraw": {"reason": "Wrong person, sorry."},
        "correct": {"text": "Reviewed most of the cache work (not storage), triages every week."},
        "accepted": {"name": "New Person", "email": "new@example.org"},
        "propose": {"title": "Drop Go 1.21", "text": "We stop testing with Go 1.21 from the next release on."},
        "resolve": {
            "title": "Keep the v2 API",
            "link": "https://github.com/o/r/issues/7",
            "text": "The v2 API stays until release 5.",
        },
        "hand-over": {"to": "@Ada", "area": "The storage drivers and their two open pull requests."},
        "record": {"voter": "@Ada", "choice": "Yes", "link": "https://lists.example.org/m/1"},
        "contact": {"login": "@person"},
        "practice": {"minutes": "10", "title": "Shall we have tea?"},
        "pings": {"hours": "9–17", "zone": "Europe/Berlin"},
        "remove": {},
        "extend": {"by": "2bd", "reason": "Half of us were at the conference."},
        "void": {"reason": "The issue's text was edited while we voted."},
    }
    result = read(verb, 12, values[name], via="button", acted_at=START)
    assert isinstance(result, Parsed)
    assert result.ask == ASKS[name]


def test_r4_where_repositories_share_a_channel_the_verb_says_which_is_meant() -> None:
    result = parsed("nominate @x --repo other --months 7 --evidence e Kind.")
    assert (result.repo, type(result.ask)) == ("other", Nominate)
    assert parsed("list --repo other").repo == "other"
    assert parsed("list").repo == ""


def test_r30_a_step_down_needs_no_word_and_takes_any() -> None:
    assert parsed("step-down").ask == StepDown(note="")
    assert parsed('step-down "Thanks for all."').ask == StepDown(note="Thanks for all.")


def test_a_form_with_a_field_that_the_verb_does_not_have_is_refused() -> None:
    result = read(BY_NAME["object"], 12, {"reason": "No.", "choice": "yes"}, via="button", acted_at=START)
    assert result == Refused(code="unknown-flag", params={"verb": "object"})


def test_a_form_field_of_blanks_is_a_missing_one() -> None:
    result = read(BY_NAME["object"], 12, {"reason": " \n "}, via="button", acted_at=START)
    assert result == Refused(code="value-missing", params={"verb": "object", "field": "reason"})


# ---------------------------------------------------------------------- hostile input

WORDS = st.sampled_from(
    [verb.name for verb in VERBS]
    + [f"--{name}" for name in ("role", "months", "evidence", "sponsor", "name", "email", "x", "")]
    + ['"', "“", "”", "„", "«", "»", "—", "--", "=", "--months=", "—evidence=“", "@x", "12", "#12", "#", "0", "\n"]
    + ["\x00", "\u2028", "\u202e", "\ud800", "7", "-1", "+1", " ", "\u00a0", "İ", "٣", "9" * 30]
)
HOSTILE = st.text() | st.lists(WORDS, max_size=14).map(" ".join) | st.lists(WORDS, max_size=14).map("".join)


@settings(max_examples=600)
@given(HOSTILE)
@example('"')
@example("--")
@example("yes --")
@example('nominate "" --')
@example("nominate “")
def test_any_text_gives_a_command_or_a_refusal(text: str) -> None:
    result = parse(text, via="command", acted_at=START)
    assert isinstance(result, (Parsed, Refused))
    if isinstance(result, Parsed):
        assert result.verb in BY_NAME
        assert 0 <= result.motion < 10**9


@settings(max_examples=300)
@given(st.sampled_from(VERBS), st.dictionaries(st.text() | st.sampled_from(["text", "reason", "role"]), st.text()))
def test_any_form_gives_a_command_or_a_refusal(verb: Verb, values: dict[str, str]) -> None:
    assert isinstance(read(verb, 12, values, via="button", acted_at=START), (Parsed, Refused))


PLAIN = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], blacklist_characters='"“”„«»—–-'), min_size=1
)


@given(evidence=PLAIN, text=PLAIN)
def test_what_was_typed_arrives_letter_by_letter(evidence: str, text: str) -> None:
    ask = nominated(f'@x --months 7 --evidence "{evidence}" {text}')
    assert (ask.evidence, ask.text) == (evidence, text)
