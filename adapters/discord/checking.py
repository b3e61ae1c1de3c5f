"""Looks whether the app can do its work: the token, each server and channel, the permissions. It changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord

from adapters.discord.client import ADDRESSES, Client, Heard, Tempo
from adapters.discord.codes import Place, place_of
from adapters.discord.errors import OUTSIDE, platform_error
from adapters.discord.permissions import NEEDED, WISHED, excess, invite, label, lacking
from adapters.discord.publicity import is_public, whereabouts
from bot.ports import Finding, PlatformError

TEXT: Final = (discord.ChannelType.text, discord.ChannelType.news)


class _Deaf:
    """Hears nothing: a check does not listen."""

    def came_back(self) -> None: ...

    def heard(self, heard: Heard) -> None: ...

    async def interacted(self, interaction: discord.Interaction) -> None: ...

    async def left(self, guild: int) -> None: ...

    async def joined(self, guild: int) -> None: ...


class Probe:
    """One login to look with. Use it as an async context."""

    def __init__(self, *, token: str, api_url: str, gateway_url: str) -> None:
        self._token, self._urls = token, (api_url, gateway_url)
        self._client: Client | None = None

    async def __aenter__(self) -> Probe:
        """Raises PlatformError, `final` where the token is not accepted."""
        ADDRESSES.hold(*self._urls)
        client = Client(ears=_Deaf(), tempo=Tempo())
        try:
            await client.login(self._token)
        except OUTSIDE as error:
            await client.close()
            ADDRESSES.release()
            raise platform_error(error) from error
        self._client = client
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await self._client.close()
            ADDRESSES.release()

    @property
    def client(self) -> Client:
        if self._client is None:
            raise RuntimeError("a probe is an async context")
        return self._client

    @property
    def application(self) -> int:
        """The application's id."""
        number = self.client.application_id
        if number is None:
            raise PlatformError("Discord does not say which application this token is for")
        return number

    async def look(self, channels: Sequence[str]) -> list[Finding]:
        """All there is to say, the token first."""
        found = self._app()
        places = [place for place in map(place_of, channels) if place is not None]
        if not places:
            what = "no repository has a channel on Discord"
            found.append(Finding(mark="warning", what=what, remedy='write channels = ["discord:GUILD/CHANNEL"]'))
        for place in places:
            found += await self._place(place)
        return found

    def _app(self) -> list[Finding]:
        client = self.client
        name = client.user.name if client.user is not None else "?"
        found = [Finding(mark="ok", what=f"the token is that of {name} (application {self.application})")]
        app = client.application
        if app is not None and app.interactions_endpoint_url:
            what = "the application has an interactions endpoint URL, so commands and presses never arrive here"
            found.append(
                Finding(mark="wrong", what=what, remedy="remove it in the developer portal, General Information")
            )
        if app is not None and app.bot_public:
            what = "anybody can add the app to their server (nothing there would count)"
            found.append(
                Finding(mark="warning", what=what, remedy="switch off Public Bot in the developer portal, Bot")
            )
        return found

    async def _place(self, place: Place) -> list[Finding]:
        try:
            guild, channel = await whereabouts(self.client, place)
            member = await guild.fetch_member(self.client.user.id if self.client.user else 0)
            granted = channel.permissions_for(member)
            public = await is_public(self.client, place)
        except PlatformError as error:
            remedy = f"add the app by {invite(self.application, place.guild)}, and let its role see the channel"
            return [Finding(mark="wrong", what=f"{place.name}: {error.what}", remedy=remedy)]
        except OUTSIDE as error:
            return [Finding(mark="wrong", what=f"{place.name}: {platform_error(error).what}")]
        found = [*self._granted(place, channel, granted)]
        if public:
            what = f"{place.name}: others than the maintainers can read #{channel.name}; candidacies are refused there"
            remedy = (
                'close it to @everyone and to roles that anybody can get, or set visibility = "public" in the policy'
            )
            found.append(Finding(mark="warning", what=what, remedy=remedy))
        return found

    def _granted(self, place: Place, channel: discord.abc.GuildChannel, granted: discord.Permissions) -> list[Finding]:
        where = f"{place.name} (#{channel.name})"
        if channel.type not in TEXT:
            what = f"{where}: this is no text channel"
            return [Finding(mark="wrong", what=what, remedy="name a text channel: copy its id in Discord")]
        missing = lacking(granted)
        if missing:
            words = "; ".join(f"{label(name)} (to {NEEDED[name]})" for name in missing)
            remedy = "grant it to the app's role in the channel's settings, Permissions"
            return [Finding(mark="wrong", what=f"{where}: lacks {words}", remedy=remedy)]
        if lacking(granted, WISHED):
            words = "; ".join(f"{label(name)} (to {WISHED[name]})" for name in lacking(granted, WISHED))
            what = f"{where}: works, but lacks {words}"
            return [Finding(mark="warning", what=what, remedy="grant it to the app's role, or leave it")]
        more = excess(granted)
        if more:
            words = ", ".join(map(label, more))
            what = f"{where}: has more than it needs: {words}"
            return [Finding(mark="warning", what=what, remedy="take these away from the app's role")]
        return [Finding(mark="ok", what=f"{where}: all permissions that are needed, and no others that matter")]
