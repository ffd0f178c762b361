"""The document of the events tells the schema that the addon installs."""

import json
import re
import xml.etree.ElementTree as ElementTree

import project

EXAMPLE = "loyalty_program/tests/data/event_example.json"
DATA = "loyalty_program/data/loyalty_event_type_data.xml"
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \| (yes|no) \|$", re.MULTILINE)


def installed():
    """Return {code: (described fields, yes or no)} of the data file."""
    types = {}
    for record in ElementTree.parse(project.ROOT / DATA).getroot():
        values = {field.get("name"): field for field in record}
        if record.get("model") == "loyalty.event.type":
            has_value = "yes" if "takes_value" in values else "no"
            types[record.get("id")] = (values["code"].text, [], has_value)
        else:
            types[values["event_type_id"].get("ref")][1].append(describe(values))
    return {code: ("; ".join(parts), flag) for code, parts, flag in types.values()}


def describe(values):
    """Return one field of a type in the words of the document."""
    name = f"`{values['name'].text}`"
    words = [f"**{name}**" if "required" in values else name, values["kind"].text]
    if "minimum" in values:
        words.append(values["minimum"].text)
    if "maximum" in values:
        words.append(f"to {values['maximum'].text}")
    return " ".join(words)


def test_the_table_of_types_is_what_is_installed():
    text = (project.ROOT / "docs" / "events.md").read_text()
    documented = {
        code: (fields.strip(), flag) for code, fields, flag in ROW.findall(text)
    }
    assert documented == installed()


def test_the_example_is_the_one_that_is_tried():
    text = (project.ROOT / "docs" / "events.md").read_text()
    example = json.loads((project.ROOT / EXAMPLE).read_text())
    (request,) = re.findall(r"-d '(\{.*?\})'\n```", text, re.DOTALL)
    (answer,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert json.loads(request) == example["request"]
    assert json.loads(answer) == example["answer"]
