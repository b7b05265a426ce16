"""Checks objects against CustomResourceDefinitions, both as JSON on standard input; prints one finding a line. Fields that a
definition does not have are findings, too. Runs in an environment that has jsonschema (custom_resources.py)."""

import json
import sys

import jsonschema


def strict(schema):
    """The schema without room for fields that it does not name."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(part) for key, part in schema.items()}
    open_to_others = "additionalProperties" in schema or schema.get("x-kubernetes-preserve-unknown-fields")
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not open_to_others:
        closed["additionalProperties"] = False
    return closed


def schemas(definitions):
    for definition in definitions:
        spec = definition["spec"]
        for version in spec["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"].update({"metadata": {"type": "object"}})
            yield (f"{spec['group']}/{version['name']}", spec["names"]["kind"]), schema


def main():
    given = json.load(sys.stdin)
    known = dict(schemas(given["definitions"]))
    for document in given["documents"]:
        name = f"{document['kind']} {document['metadata']['name']}"
        schema = known.get((document["apiVersion"], document["kind"]))
        if schema is None:
            print(f"{name}: there is no kind {document['kind']} in {document['apiVersion']}")
            continue
        for error in jsonschema.Draft7Validator(schema).iter_errors(document):
            print(f"{name}: {'.'.join(map(str, error.path))}: {error.message}")


if __name__ == "__main__":
    main()
