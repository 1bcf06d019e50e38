"""A server as people write them with FastMCP, for the tests: `fastmcp_server.py PORT`."""

import sys

from fastmcp import Context, FastMCP

server = FastMCP("figures")


@server.tool
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool
async def count(to: int, context: Context) -> str:
    """Counts, and tells how far it is."""
    for n in range(1, to + 1):
        await context.report_progress(n, to, f"at {n}")
    return "counted"


@server.tool
async def who(context: Context) -> str:
    """Asks for a name."""
    answer = await context.elicit("Who are you?", response_type=str)
    return f"{answer.action} {getattr(answer, 'data', None)}"


@server.tool
def fail() -> str:
    """Fails."""
    raise ValueError("on purpose")


server.run(transport="http", host="127.0.0.1", port=int(sys.argv[1]), show_banner=False)
