"""The machine's own package source is understood in all its notations."""

from devtool import apt

DEB822 = """\
Types: deb
# a comment between the fields
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
VENDOR = """\
Types: deb
URIs: http://vendor.example/tools
Suites: stable
Components: main
Signed-By: /usr/share/keyrings/vendor.gpg
"""


def make_etc(folder, **named):
    parts = folder / "sources.list.d"
    parts.mkdir()
    for name, text in named.items():
        (parts / name.replace("_", ".")).write_text(text)
    return folder


def test_comment_inside_a_stanza_is_skipped():
    first = apt.parse_sources(DEB822)[0]
    assert first["URIs"] == "http://mirror.example/debian"
    assert first["Suites"] == "bookworm bookworm-updates"


def test_stanza_keeps_mirror_and_key_and_replaces_the_suite(tmp_path):
    text = apt.stanza("sid", make_etc(tmp_path, debian_sources=DEB822))
    assert "URIs: http://mirror.example/debian\n" in text
    assert "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n" in text
    assert "Suites: sid\n" in text
    assert "bookworm" not in text


def test_security_archive_is_never_taken(tmp_path):
    only_security = DEB822.split("\n\n")[1]
    assert apt.stanza("sid", make_etc(tmp_path, debian_sources=only_security)) is None


def test_debian_comes_before_a_vendor(tmp_path):
    etc = make_etc(tmp_path, a_sources=VENDOR, z_sources=DEB822)
    assert "mirror.example" in apt.stanza("sid", etc)


def test_one_line_style_is_read(tmp_path):
    line = "deb [arch=amd64 signed-by=/k.gpg] http://m.example/debian bookworm main\n"
    (tmp_path / "sources.list").write_text("# old style\n" + line)
    text = apt.stanza("trixie", tmp_path)
    assert "URIs: http://m.example/debian\n" in text
    assert "Signed-By: /k.gpg\n" in text


def test_disabled_source_is_not_taken(tmp_path):
    etc = make_etc(
        tmp_path, debian_sources=DEB822.replace("Types", "Enabled: no\nTypes")
    )
    assert apt.stanza("sid", etc) is None


def test_no_source_gives_none(tmp_path):
    assert apt.stanza("sid", tmp_path) is None


def test_debian_is_told_from_its_relatives(tmp_path):
    release = tmp_path / "os-release"
    release.write_text('NAME="Debian GNU/Linux"\nID=debian\nVERSION_CODENAME=trixie\n')
    assert apt.is_debian(release)
    assert apt.codename(release) == "trixie"
    release.write_text("ID=ubuntu\nID_LIKE=debian\n")
    assert not apt.is_debian(release)
    assert not apt.is_debian(tmp_path / "nothing")
