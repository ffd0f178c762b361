"""Whatever goes wrong ends in one line that names the cause and the mend."""

import errno
import os
import socket
import subprocess
import sys

import pytest
from devtool import apt, chromium, config, environment, locks, odoo, postgres, process
from devtool.messages import Problem, show

DEV = str(config.ROOT / "dev")


def run_dev(*words, **variables):
    """Run `./dev` in another process; return it with its output."""
    return subprocess.run(
        [sys.executable, DEV, *words],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        check=False,
    )


def test_problem_is_one_line(capsys):
    show(Problem("the port is in use", "choose another"))
    assert capsys.readouterr().err == "dev: the port is in use: choose another\n"


def test_busy_port_is_named(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(Problem, match=f"port {port} is in use"):
            odoo.wanted_port()


@pytest.mark.parametrize("text", ["x", "0", "-1", "65536", "80 80"])
def test_odd_port_is_refused(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Problem, match="is no port"):
        odoo.wanted_port()


def test_missing_tool_is_named():
    with pytest.raises(Problem, match="no-such-tool is missing"):
        process.start(["no-such-tool"])


def test_failed_command_shows_the_end_of_its_log(tmp_path):
    command = [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"]
    with pytest.raises(Problem, match=r"the work failed \(exit 3\)") as caught:
        process.run(command, what="the work", log=tmp_path / "log")
    assert "the reason" in caught.value.details


def test_full_disk_is_told_from_other_failures(tmp_path):
    text = "print('tar: write error: No space left on device'); raise SystemExit(2)"
    with pytest.raises(Problem, match="no space left"):
        process.run([sys.executable, "-c", text], what="x", log=tmp_path / "log")
    assert process.is_no_space(OSError(errno.ENOSPC, "full"))
    assert not process.is_no_space(OSError(errno.EACCES, "no"))


def test_missing_ensurepip_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem, match="ensurepip") as caught:
        environment.create(tmp_path / "venv", tmp_path / "log")
    assert "python3-venv" in caught.value.mend


def test_missing_browser_never_passes_silently(monkeypatch):
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(apt, "available", lambda: False)
    with pytest.raises(Problem, match="need Chromium"):
        chromium.ensure()


def test_second_demo_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "HOME", tmp_path)
    with (
        locks.only_one("demo"),
        pytest.raises(Problem, match=f"process {os.getpid()}"),
        locks.only_one("demo"),
    ):
        pass


def test_lock_is_free_again_afterwards(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "HOME", tmp_path)
    for _ in range(2):
        with locks.only_one("demo"):
            pass
    assert not locks.end_holder("demo")


def test_socket_path_stays_short(monkeypatch):
    long = config.HOME / ("a" * 100)
    monkeypatch.setattr(postgres, "FOLDER", long)
    assert len(str(postgres.socket_folder())) <= postgres.LONGEST_SOCKET_FOLDER


def test_foreign_odoo_ends_without_a_traceback(tmp_path):
    (tmp_path / "odoo").mkdir()
    release = tmp_path / "odoo" / "release.py"
    release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    done = run_dev("doctor", ODOO_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "is Odoo 18.0 and the suite needs 19.0" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_wrong_command_names_the_right_ones():
    done = run_dev("dmeo")
    assert done.returncode == 2
    assert "demo" in done.stderr


def test_home_without_rights_is_named(tmp_path):
    target = tmp_path / "a-file"
    target.write_text("")
    done = run_dev("lint", DEV_HOME=str(target))
    assert done.returncode == 1
    assert done.stderr.startswith("dev: ")
    assert "Traceback" not in done.stderr


def test_child_that_does_not_listen_is_killed():
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, lambda *a: None)\n"
    script = (
        "import sys, threading, time; sys.path.insert(0, 'setup')\n"
        "from devtool import process\n"
        "process.PATIENCE_S = 0.3\n"
        f"words = [sys.executable, '-c', {stubborn!r} 'time.sleep(60)']\n"
        "child = process.start(words)\n"
        "waiting = threading.Thread(target=child.wait); waiting.start()\n"
        "time.sleep(1); process.end_all(); waiting.join()\n"
        "print(child.returncode)\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=20, cwd=config.ROOT, check=True
    )
    assert done.stdout == "-9\n"
