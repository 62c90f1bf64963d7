"""How commands come by a password: asked for on a terminal, or read from standard input.

Never from the arguments: those end up in the shell's history and in the list of processes.
"""

import sys

import click


def from_stdin() -> str:
    """One line of stdin, in UTF-8, without its newline. Raises ClickException when it is not UTF-8."""
    line = sys.stdin.buffer.readline() if sys.stdin else b""
    try:
        return line.removesuffix(b"\n").decode()
    except UnicodeDecodeError:
        raise click.ClickException("password: is not UTF-8") from None


def answer_for(name: str) -> str:
    """What somebody at the terminal answers. Raises ClickException without a terminal."""
    if not _on_terminal():
        raise click.ClickException(f"--{name} is missing, and there is no terminal to ask for it")
    answer: str = click.prompt(name.capitalize(), err=True)
    return answer


def asked_for() -> str:
    """A new password, typed twice. Raises ClickException without a terminal."""
    if not _on_terminal():
        raise click.ClickException("there is no terminal to ask for the password; use --password-stdin")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


def _on_terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty())
