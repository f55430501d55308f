"""What every worker of the trial of kills needs, loaded in the process that all of them are forked from."""

from tests.trials import worker

worker.rules()
