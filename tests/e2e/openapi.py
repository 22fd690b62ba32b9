"""Checks an answer against the service's own description: path, status, media type, headers, body."""

import json
import re

import jsonschema


class Description:
    def __init__(self, text):
        self.document = json.loads(text)
        self.resolver = jsonschema.RefResolver("", self.document)

    def resolve(self, part):
        while isinstance(part, dict) and "$ref" in part:
            part = self.resolver.resolve(part["$ref"])[1]
        return part

    def path_of(self, path):
        """The template that describes a path: an exact one before one with parameters."""
        path = path.split("?")[0]
        for template in sorted(self.document["paths"], key=lambda t: t.count("{")):
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path):
                return template
        raise AssertionError(f"{path} is not described")

    def check(self, path, status, headers, body, method="get"):
        """Fails with the place in the body that does not agree."""
        template = self.path_of(path)
        operation = self.document["paths"][template].get(method)
        assert operation, f"{method} {template} is not described"
        responses = operation["responses"]
        names = str(status), f"{status // 100}XX", "default"
        described = next((responses[name] for name in names if name in responses), None)
        assert described, f"{method} {template} does not describe status {status}"
        content = self.resolve(described).get("content", {})
        media = headers.get("content-type", "").split(";")[0]
        if not content:
            assert not body, f"{template} {status}: a body where none is described"
            return None
        assert media in content, f"{template} {status}: {media!r}, described are {sorted(content)}"
        if not media.endswith("json"):
            return body.decode()
        value = json.loads(body)
        schema = content[media].get("schema", {})
        jsonschema.Draft202012Validator(schema, resolver=self.resolver,
                                        format_checker=jsonschema.FormatChecker()).validate(value)
        return value

    def plain_gets(self):
        """Paths that can be asked as they stand."""
        return [p for p, item in self.document["paths"].items() if "get" in item and "{" not in p]
