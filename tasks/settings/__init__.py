"""What the operator and the analyst set: the environment, and the files of `config/`."""
