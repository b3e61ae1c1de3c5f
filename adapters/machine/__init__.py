"""What a check asks of the outside and that no platform owns: how late it is elsewhere. It changes nothing."""

from adapters.machine.dates import Dated, date_of

__all__ = ["Dated", "date_of"]
