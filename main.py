"""Open the station: ``python main.py ARGS`` is ``focusstation ARGS``."""

# Nothing is imported at the top: spawned children import this file.

if __name__ == "__main__":
    from app.cli import main

    main()
