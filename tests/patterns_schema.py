"""Every pattern of a folder against seeds/schemas/pattern.schema.json, its messages against messages.schema.json, and
the schemas against the tables they repeat.

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
SHARED = {"levels.yaml", "typologies.yaml", "advice.yaml", "folding.yaml", "words.yaml", "conditions.yaml"}


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


def check_message_tables(schema):
    defs = schema["$defs"]
    engine = ROOT / "engine" / "pattern"
    channels = re.findall(r'^CHANNEL\("([^"]+)"', (engine / "message_channels.def").read_text(), re.M)
    kinds = re.findall(r"message_kind_names\[\] = \{(.*?), NULL", (engine / "message_values.c").read_text())
    if defs["channel"]["enum"] != channels:
        yield "the messages' schema has other channels than message_channels.def"
    if defs["kind"]["enum"] != [word.strip(' "') for word in kinds[0].split(",")]:
        yield "the messages' schema has other kinds than message_values.c"


def check_guide(folder):
    """Each placeholder is explained to whoever writes templates."""
    guide = (folder / "README.md").read_text()
    values = (ROOT / "engine" / "pattern" / "message_values.def").read_text()
    for name in re.findall(r"^VALUE\((\w+),", values, re.M):
        if f"`{{{name}}}`" not in guide:
            yield f"README.md does not explain {{{name}}}"


def check_files(schema, paths, folder):
    validator = jsonschema.Draft202012Validator(schema)
    for path in paths:
        document = yaml.load(path.read_text(), Loader=Texts)
        for fault in validator.iter_errors(document):
            place = "/".join(str(step) for step in fault.absolute_path)
            yield f"{path.relative_to(folder)}: {place}: {fault.message[:200]}"


def main():
    folder = pathlib.Path(sys.argv[1])
    pattern, messages = (
        json.loads((ROOT / "seeds" / "schemas" / f"{name}.schema.json").read_text()) for name in ("pattern", "messages")
    )
    jsonschema.Draft202012Validator.check_schema(pattern)
    jsonschema.Draft202012Validator.check_schema(messages)
    texts = sorted(folder.glob("messages/*.yaml"))
    patterns = [path for path in sorted(folder.rglob("*.yaml")) if path.name not in SHARED and path not in texts]
    faults = [
        *check_tables(pattern),
        *check_message_tables(messages),
        *check_files(pattern, patterns, folder),
        *check_files(messages, texts, folder),
        *check_guide(folder),
    ]
    print(*faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
