"""The governance policies that ship with the bot: data only, one TOML file each."""
