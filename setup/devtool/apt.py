"""Debian packages, unpacked privately: no root, nothing installed.

The machine's own Debian source is used, with the suite replaced, so that a
mirror or a proxy set up there serves us too.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import config
from .messages import Problem
from .process import call, run, start, tail, wait

ETC_APT = Path("/etc/apt")
OS_RELEASE = Path("/etc/os-release")
DEB_LINE = re.compile(r"^deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$", re.MULTILINE)


def is_debian(os_release=OS_RELEASE):
    """Tell whether this machine runs Debian itself, not a relative of it."""
    try:
        return bool(re.search(r"^ID=debian$", os_release.read_text(), re.MULTILINE))
    except OSError:
        return False


def codename(os_release=OS_RELEASE):
    """Return the suite that the machine runs, such as bookworm."""
    found = re.search(r"^VERSION_CODENAME=(\S+)$", os_release.read_text(), re.MULTILINE)
    return found[1] if found else "stable"


def available():
    """Tell whether packages can be taken from Debian here."""
    tools = all(map(shutil.which, ("apt-get", "dpkg-deb", "tar")))
    return bool(tools and is_debian() and stanza("any"))


def parse_sources(text):
    """Return the stanzas of a deb822 `.sources` file as dicts."""
    without_comments = re.sub(r"^#.*\n?", "", text, flags=re.MULTILINE)
    return [
        dict(re.findall(r"^([\w-]+):[ \t]*(.+)$", part, re.MULTILINE))
        for part in re.split(r"\n\s*\n", without_comments)
        if part.strip()
    ]


def parse_list(text):
    """Return the lines of a one-line style `.list` file as dicts."""
    found = []
    for options, uri, suite, components in DEB_LINE.findall(text):
        entry = {"Types": "deb", "URIs": uri, "Suites": suite, "Components": components}
        signed = re.search(r"signed-by=([^\s\]]+)", options)
        if signed:
            entry["Signed-By"] = signed[1]
        if "trusted=yes" in options:
            entry["Trusted"] = "yes"
        found.append(entry)
    return found


def is_main_archive(entry):
    """Tell whether a source holds Debian's packages rather than its fixes."""
    return (
        "deb" in entry.get("Types", "").split()
        and "main" in entry.get("Components", "").split()
        and entry.get("Enabled", "yes") != "no"
        and "security" not in entry.get("Suites", "") + entry.get("URIs", "")
    )


def sources(folder=ETC_APT):
    """Return the machine's package sources, the most Debian one first."""
    found = []
    for path in sorted(folder.glob("sources.list.d/*.sources")):
        found += parse_sources(path.read_text())
    for path in [
        folder / "sources.list",
        *sorted(folder.glob("sources.list.d/*.list")),
    ]:
        if path.exists():
            found += parse_list(path.read_text())
    found = [entry for entry in found if is_main_archive(entry)]
    # A vendor's source may call a component "main" as well.
    return sorted(
        found,
        key=lambda entry: (
            "debian-archive" not in entry.get("Signed-By", ""),
            "/debian" not in entry.get("URIs", ""),
        ),
    )


def stanza(suite, folder=ETC_APT):
    """Return the deb822 text of the machine's archive for one suite, or None."""
    found = sources(folder)
    if not found:
        return None
    kept = {k: found[0][k] for k in ("URIs", "Signed-By", "Trusted") if k in found[0]}
    values = {"Types": "deb", **kept, "Suites": suite, "Components": "main"}
    return "".join(f"{key}: {value}\n" for key, value in values.items())


def _options(base, suite):
    for sub in ("lists/partial", "archives/partial", "sources"):
        (base / sub).mkdir(parents=True, exist_ok=True)
    (base / "sources" / "dev.sources").write_text(stanza(suite))
    (base / "empty").write_text("")
    return [
        f"-oDir::Etc::sourcelist={base}/empty",
        f"-oDir::Etc::sourceparts={base}/sources",
        f"-oDir::State::lists={base}/lists",
        f"-oDir::Cache::archives={base}/archives",
        "-oDir::Cache::pkgcache=",
        "-oDir::Cache::srcpkgcache=",
        "-oAcquire::Languages=none",
        "-oAcquire::Retries=3",
        "-oAPT::Sandbox::User=",
        "-oAPT::Install-Recommends=false",
        "-oDebug::NoLocking=1",
    ]


def download(packages, suite, *, with_dependencies=False):
    """Download packages, resuming what an interrupted run left.

    :param list packages: names
    :param str suite: Debian's name of it; None: the one this machine runs
    :param bool with_dependencies: take all that they need as well
    :return: paths of the .deb files
    :raise Problem: naming the machine's source or network as the cause
    """
    suite = suite or codename()
    base = config.APT / suite
    options = _options(base, suite)
    debs = base / "archives" if with_dependencies else base / "debs"
    debs.mkdir(exist_ok=True)
    mend = "check the network and the machine's Debian source, then try again"
    log = config.LOGS / f"apt-{suite}.log"
    run(
        ["apt-get", "-q", *options, "update", "--error-on=any"],
        what=f"apt-get update for Debian {suite}",
        log=log,
        mend=mend,
    )
    if with_dependencies:
        # As if nothing were installed: what the machine has, or has broken, is no
        # part of the private folder.
        options.append(f"-oDir::State::status={base}/empty")
        words = ["install", "--download-only", "--yes", "--no-install-recommends"]
    else:
        words = ["download"]
    command = ["apt-get", "-q", *options, *words, *packages]
    if call(command, log=log, cwd=debs):
        raise Problem(
            f"Debian {suite} does not give {', '.join(packages)}", mend, tail(log)
        )
    return sorted(debs.glob("*.deb"))


def unpack(debs, folder, excludes=(), only=()):
    """Unpack packages into a folder; owners are not kept.

    :param excludes: patterns of tar for what stays out
    :param only: patterns of tar for the members to take; empty: all
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = ["--wildcards", *only] if only else []
    command = ["tar", "-x", "-C", folder, "--no-same-owner"]
    command += [f"--exclude={pattern}" for pattern in excludes] + wanted
    for deb in debs:
        log = config.LOGS / f"unpack-{deb.name}{'-some' if only else ''}.log"
        reader = start(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
        run(command, what=f"unpacking {deb.name}", log=log, stdin=reader.stdout)
        reader.stdout.close()
        reader.stdout = None
        if wait(reader)[0]:
            os.unlink(deb)
            raise Problem(f"{deb.name} is damaged", "run the command again")
