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
    wrong = {mistake.file for mistake in mistakes}
    # What a file with mistakes does not give is not a mistake of the register.
    officials = None if "actors/officials.yaml" in wrong else loaded.actors.officials
    mechanisms = None if "mechanisms.yaml" in wrong else loaded.mechanisms
    register.load(environment.seeds / "register.yaml", mistakes, officials, mechanisms)
    return sorted(mistakes)
