"""`dragoman config check`: everything that an analyst edits, with every mistake."""

from tasks.settings import configuration, register
from tasks.settings.environment import Environment
from tasks.settings.located import ConfigurationError, Mistake


def check(environment: Environment) -> list[Mistake]:
    """All mistakes in the configuration and the register, by file and line."""
    try:
        loaded, mistakes = configuration.check(environment.configuration)
    except ConfigurationError as error:
        return list(error.mistakes)
    path = environment.seeds / "register.yaml"
    known = register.load(path, mistakes)
    mistakes.extend(register.strangers(path, known, loaded.actors.officials, loaded.mechanisms))
    return sorted(mistakes)
