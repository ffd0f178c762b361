"""Run Odoo: its configuration files, its server and its other commands."""

import os
import socket

from . import config, databases, odoo_source
from .messages import Problem
from .process import interactive, run, start


class Odoo:
    """An Odoo source with our addons on its path.

    :param Path home: the folder that holds the package `odoo`
    """

    def __init__(self, home):
        self.home = home
        self.addons_path = odoo_source.addons_path(home)

    def configuration(self, name, database=None, **options):
        """Write a configuration file and return its path.

        :param str name: of the file
        :param str database: one of ours; None leaves the choice to the command line
        """
        values = {
            "addons_path": self.addons_path,
            "data_dir": config.DATA,
            "http_interface": "127.0.0.1",
            "screenshots": config.SCREENSHOTS,
            **options,
        }
        if database:
            real = databases.full_name(database)
            values.update(db_name=real, dbfilter=f"^{real}$")
        path = config.HOME / f"{name}.conf"
        lines = [f"{key} = {value}\n" for key, value in values.items()]
        path.write_text("[options]\n" + "".join(lines))
        return path

    def command(self, conf, *words, subcommand="server"):
        """Return the words of an Odoo command line."""
        return [config.PYTHON, "-m", "odoo", subcommand, "-c", conf, *words]

    def install(self, database, *, install=(), update=(), demo=False, what):
        """Install or update addons in a database; the log is kept.

        :param str what: the work in words, for the message when it fails
        :return: path of the log
        """
        conf = self.configuration(f"install-{database}", database)
        words = ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
        if install:
            words += ["-i", ",".join(install)]
        if update:
            words += ["-u", ",".join(update)]
        if demo:
            words.append("--with-demo")
        log = log_of(database)
        run(
            self.command(conf, *words),
            what=what,
            log=log,
            env=config.odoo_environment(),
        )
        return log

    def script(self, database, text, *, what, log):
        """Run Python text in `odoo shell`, where `env` is the environment."""
        conf = self.configuration(f"script-{database}", database)
        run(
            self.command(conf, "--no-http", subcommand="shell"),
            what=what,
            log=log,
            env=config.odoo_environment(),
            text_input=text,
        )

    def serve(self, conf, port, log):
        """Start the server and return its process."""
        stream = log.open("w")
        words = ["--http-port", str(port)]
        return start(
            self.command(conf, *words),
            stdout=stream,
            stderr=stream,
            env=config.odoo_environment(),
        )

    def interactive(self, conf, *words, subcommand):
        """Run an Odoo command on the terminal and return its exit code."""
        os.environ["ODOO_RC"] = str(conf)
        return interactive(self.command(conf, *words, subcommand=subcommand))


def log_of(database):
    """Return the path of the log of a database's last installation."""
    return config.LOGS / f"install-{database}.log"


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wanted_port():
    """Return the port to serve on, checked before any work is done."""
    text = os.environ.get("PORT") or str(config.DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT={text} is no port", "use a number from 1 to 65535")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            mend = "choose one above 1023, as in PORT=8070 ./dev demo"
            raise Problem(f"port {port} is not for ordinary users", mend) from error
        except OSError as error:
            mend = "stop what uses it, or choose another: PORT=8070 ./dev demo"
            raise Problem(f"port {port} is in use", mend) from error
    return port
