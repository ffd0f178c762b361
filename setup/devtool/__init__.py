"""The developer's entry point of the loyalty suite; standard library only."""
