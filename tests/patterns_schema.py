"""Every pattern of a folder against seeds/schemas/pattern.schema.json, and the schema against the tables it repeats.

    patterns_schema.py PATTERNS

Prints a line a fault; status 1 where there is one. The YAML is read as editors read it, so what this accepts
and `huqi patterns lint` refuses is a fault of the schema only where the schema could know.
"""

import json
import pathlib
import re
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = {"levels.yaml", "typologies.yaml", "advice.yaml", "folding.yaml"}


class Texts(yaml.SafeLoader):
    """Days and times stay what they are for huqi: texts."""


Texts.yaml_implicit_resolvers = {
    key: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def names(table, macro):
    text = (ROOT / "engine" / "pattern" / table).read_text()
    return re.findall(rf'^{macro}\(\w+,\s*"([^"]+)"', text, re.M)


def check_tables(schema):
    """What the schema lists and the engine's tables list is the same."""
    defs = schema["$defs"]
    test = defs["test"]["properties"]
    roles = re.fullmatch(r"\^\((.*)\)\(\[1-9\]\[0-9\]\?\)\?\$", defs["role"]["pattern"]).group(1).split("|")
    parts = names("parts.def", "PART")
    if test["history"]["enum"] != names("test_histories.def", "HISTORY"):
        yield "the schema's histories are not those of test_histories.def"
    if roles != names("test_roles.def", "ROLE"):
        yield "the schema's roles are not those of test_roles.def"
    for part in parts:
        if part not in defs["detect"]["properties"]:
            yield f"the schema knows no `{part}` in `detect`"


def check_files(schema, folder):
    validator = jsonschema.Draft202012Validator(schema)
    for path in sorted(folder.rglob("*.yaml")):
        if path.name in SHARED:
            continue
        document = yaml.load(path.read_text(), Loader=Texts)
        for fault in validator.iter_errors(document):
            place = "/".join(str(step) for step in fault.absolute_path)
            yield f"{path.relative_to(folder)}: {place}: {fault.message[:200]}"


def main():
    schema = json.loads((ROOT / "seeds" / "schemas" / "pattern.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    faults = [*check_tables(schema), *check_files(schema, pathlib.Path(sys.argv[1]))]
    print(*faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
