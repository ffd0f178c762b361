"""Manifests are complete, and an addon holds what its kind of package needs."""

import struct
import tomllib
import xml.etree.ElementTree as ElementTree

import project
import pytest

EXPECTED = {
    "author": "Loyalty Suite contributors",
    "category": "Sales/Loyalty",
    "license": "LGPL-3",
}
FRAGMENTS = ("DESCRIPTION", "CONFIGURE", "USAGE", "CONTRIBUTORS")
DATA_FOLDERS = ("data", "security", "views", "wizards", "report", "demo")
PNG_HEADER = b"\x89PNG\r\n\x1a\n"

each_addon = pytest.mark.parametrize("name", project.addons())


def test_all_addons_are_here():
    assert set(project.addons()) == set(project.ALLOWED_DEPENDS)


@each_addon
def test_manifest_is_complete(name):
    values = project.manifest(name)
    assert {key: values.get(key) for key in EXPECTED} == EXPECTED
    assert values["name"].strip()
    assert values["summary"].strip()


@each_addon
def test_version_is_of_odoo_19(name):
    parts = project.manifest(name)["version"].split(".")
    assert parts[:2] == ["19", "0"]
    assert len(parts) == 5
    assert all(part.isdigit() for part in parts)


@each_addon
def test_dependencies_are_those_of_the_design(name):
    assert set(project.manifest(name)["depends"]) == project.ALLOWED_DEPENDS[name]


@each_addon
def test_listed_files_exist(name):
    values = project.manifest(name)
    listed = values.get("data", []) + values.get("demo", [])
    assert [path for path in listed if not (project.ROOT / name / path).is_file()] == []
    assert len(listed) == len(set(listed))


@each_addon
def test_no_data_file_is_forgotten(name):
    values = project.manifest(name)
    listed = set(values.get("data", []) + values.get("demo", []))
    present = {
        path.relative_to(name).as_posix()
        for path in project.addon_files(".xml", ".csv")
        if path.parts[0] == name and path.parts[1] in DATA_FOLDERS
    }
    assert present <= listed


@each_addon
def test_builds_as_a_wheel(name):
    built = tomllib.loads((project.ROOT / name / "pyproject.toml").read_text())
    assert built["build-system"]["build-backend"] == "whool.buildapi"


@each_addon
def test_icon_is_a_square_picture(name):
    data = (project.ROOT / name / "static/description/icon.png").read_bytes()
    assert data.startswith(PNG_HEADER)
    width, height = struct.unpack(">II", data[16:24])
    assert width == height >= 128


@each_addon
def test_description_page_exists(name):
    assert (project.ROOT / name / "static/description/index.html").stat().st_size > 200


@each_addon
@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_readme_fragment_exists(name, fragment):
    path = project.ROOT / name / "readme" / f"{fragment}.md"
    assert path.read_text().strip()


@each_addon
def test_translation_template_exists(name):
    path = project.ROOT / name / "i18n" / f"{name}.pot"
    assert 'msgid ""' in path.read_text()


@pytest.mark.parametrize("path", project.addon_files(".xml"), ids=str)
def test_xml_is_well_formed(path):
    ElementTree.fromstring((project.ROOT / path).read_bytes())
