"""`folkmoot slack check`: looks at tokens, scopes, channels and linked people, and says what to mend; no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from adapters.slack.codes import NAME
from adapters.slack.errors import NOBODY, PLACES, TOKENS, SlackError
from adapters.slack.members import Members, Outsider
from adapters.slack.scopes import APP_SCOPE, SCOPES
from adapters.slack.web import Identity, Web
from bot.ports import Finding

USED_ANYHOW: Final = frozenset({"identify"})
_REASONS: Final = {
    "guest": "is a guest, and guests do not count",
    "foreign": "belongs to another workspace",
    "bot": "is a bot",
    "deactivated": "is deactivated",
    "unknown": "does not exist here",
}


async def check(
    web: Web,
    *,
    mode: Literal["socket", "http"],
    listen: str,
    channels: Sequence[str],
    people: Mapping[str, str],
) -> Sequence[Finding]:
    """Every finding, the good ones too. `people` has the accounts (`TEAM/USER`) of the configuration, by login."""
    try:
        identity = await web.identity()
    except SlackError as error:
        return [_token("SLACK_BOT_TOKEN", error)]
    kind = "organisation" if identity.enterprise else "workspace"
    found = [Finding(mark="ok", what=f"The bot token is good: {identity.workspace} ({kind} {identity.org}).")]
    found += _scopes(identity)
    found.append(await _way_in(web, mode, listen))
    for channel in channels:
        found += await _channel(web, channel)
    members = Members(web, learn=lambda user, zone: None)
    for login, account in people.items():
        found.append(await _person(members, identity, login, account))
    return found


def _token(name: str, error: SlackError) -> Finding:
    if error.code in TOKENS:
        return Finding(mark="wrong", what=f"Slack does not accept {name} ({error.code}).", remedy=TOKENS[error.code])
    return Finding(
        mark="wrong",
        what=f"Slack could not be asked about {name}: {error.what}.",
        remedy="check the network, the proxy and [slack] api-url, and try again",
    )


def _scopes(identity: Identity) -> list[Finding]:
    lacking = [scope for scope in SCOPES if scope not in identity.scopes]
    extra = sorted(identity.scopes - set(SCOPES) - USED_ANYHOW)
    found = [
        Finding(
            mark="wrong",
            what=f"The scope {scope} is missing: it is there to {SCOPES[scope]}.",
            remedy="paste the output of `folkmoot slack manifest` into the app's manifest, and install the app again",
        )
        for scope in lacking
    ]
    if not lacking:
        found.append(Finding(mark="ok", what="The app has all scopes that it needs."))
    if extra:
        what = f"The app has scopes that it does not use: {', '.join(extra)}."
        found.append(
            Finding(mark="warning", what=what, remedy="take them away: a token should open no more than needed")
        )
    return found


async def _way_in(web: Web, mode: str, listen: str) -> Finding:
    """How requests get in."""
    if mode == "http":
        return Finding(
            mark="ok",
            what=f"HTTP mode: I listen on {listen}, for requests to /slack/events.",
            remedy="lead your TLS proxy there, and put its address into the app's manifest",
        )
    try:
        await web.socket_url()
    except SlackError as error:
        if error.code == "missing_scope":
            what = f"SLACK_APP_TOKEN lacks the scope {APP_SCOPE}."
            return Finding(mark="wrong", what=what, remedy="make an app-level token with it, under Basic Information")
        return _token("SLACK_APP_TOKEN", error)
    return Finding(mark="ok", what="The app-level token is good: Socket Mode works.")


async def _channel(web: Web, name: str) -> list[Finding]:
    """Whether the bot is in a configured channel and can post there; and who else can read it."""
    try:
        said = (await web.call("conversations.info", channel=name.removeprefix(f"{NAME}:")))["channel"]
    except SlackError as error:
        remedy = PLACES.get(error.code, "check the network, and try again")
        return [Finding(mark="wrong", what=f"{name}: {error.what}.", remedy=remedy)]
    title = f"{name} (#{said.get('name', '')})"
    if said.get("is_archived"):
        return [Finding(mark="wrong", what=f"{title} is archived.", remedy=PLACES["is_archived"])]
    if not said.get("is_member"):
        what = f"The bot is not in {title}."
        return [Finding(mark="wrong", what=what, remedy="type there: /invite @Folkmoot (or what you called the app)")]
    found = [Finding(mark="ok", what=f"The bot is in {title}.")]
    if said.get("is_ext_shared") or said.get("is_pending_ext_shared"):
        what = f"{title} is shared with another organisation: its members read everything, and cannot vote."
        found.append(Finding(mark="warning", what=what, remedy="use a channel of this workspace alone"))
    elif not said.get("is_private"):
        what = f'{title} is public: candidacies are refused there, unless the policy says visibility = "public".'
        found.append(Finding(mark="warning", what=what, remedy="use a private channel, or a policy that allows it"))
    return found


async def _person(members: Members, identity: Identity, login: str, account: str) -> Finding:
    """Whether a linked account is a full member's."""
    team, _, user = account.partition("/")
    if team != identity.org:
        kind = "organisation" if identity.enterprise else "workspace"
        return Finding(
            mark="wrong",
            what=f"@{login} is linked to {account}, which is not of this {kind}.",
            remedy=f'write slack = "{identity.org}/{user}"',
        )
    try:
        found = await members.who(user)
    except SlackError as error:
        mark: Literal["wrong", "warning"] = "wrong" if error.code in NOBODY else "warning"
        return Finding(mark=mark, what=f"@{login}: {error.what}.", remedy="check the network, and try again")
    if isinstance(found, Outsider):
        remedy = "link the account of a full member: their profile, the three dots, Copy member ID"
        return Finding(
            mark="wrong", what=f"@{login} is linked to {account}, which {_REASONS[found.why]}.", remedy=remedy
        )
    return Finding(mark="ok", what=f"@{login} is {account}, a full member.")
