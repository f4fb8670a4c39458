"""``capital.general``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...types import UNSET
from . import general_ping, general_time

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.server_time import ServerTime
    from ...models.status_result import StatusResult

__all__ = ["AsyncGeneralApi", "GeneralApi"]


class GeneralApi:
    """Server time, and a call that keeps the session alive."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def time(
        self,
    ) -> ServerTime:
        """Get the server's clock.

        Needs no session. Useful to measure the difference between your clock and the server's.

        ``GET /api/v1/time``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "ServerTime",
            self._call(
                general_time._get_kwargs(),
                general_time._parse_response,
                ok=(200,),
            ),
        )

    def ping(
        self,
    ) -> StatusResult:
        """Keep the session alive.

        Starts the ten-minute idle clock of the session again, as every authenticated call does. The client
        logs in again when a session has ended, so this is a convenience and not a duty.

        ``GET /api/v1/ping``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            self._call(
                general_ping._get_kwargs(),
                general_ping._parse_response,
                ok=(200,),
            ),
        )


class AsyncGeneralApi:
    """Server time, and a call that keeps the session alive."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def time(
        self,
    ) -> ServerTime:
        """Get the server's clock.

        Needs no session. Useful to measure the difference between your clock and the server's.

        ``GET /api/v1/time``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "ServerTime",
            await self._call(
                general_time._get_kwargs(),
                general_time._parse_response,
                ok=(200,),
            ),
        )

    async def ping(
        self,
    ) -> StatusResult:
        """Keep the session alive.

        Starts the ten-minute idle clock of the session again, as every authenticated call does. The client
        logs in again when a session has ended, so this is a convenience and not a duty.

        ``GET /api/v1/ping``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            await self._call(
                general_ping._get_kwargs(),
                general_ping._parse_response,
                ok=(200,),
            ),
        )
