#!/usr/bin/env python
"""CXM's command line: `manage.py up` starts everything, `manage.py help` lists the rest."""

import os
import sys


def main() -> None:
    """Do what the command line says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")
    if sys.argv[1:2] == ["up"]:
        # The supervisor needs neither Django nor settings; its children load them.
        from cxm.local.command import main as up  # noqa: PLC0415 - without Django

        sys.exit(up(sys.argv[2:]))

    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
