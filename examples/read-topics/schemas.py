"""JSON Schemas in a folder, found by the `dataschema` of an event."""

import json
from pathlib import Path
from typing import Any

from jsonschema import SchemaError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from events import Event, FaultError


class Schemas:
    """All `.json` files below a folder but an `index.json`, each named by its `$id`. They may refer to each other."""

    def __init__(self, folder: Path) -> None:
        schemas: dict[str, Any] = {}
        for file in sorted(folder.rglob("*.json")):
            if file.name == "index.json":
                continue
            schema = json.loads(file.read_text(encoding="utf-8"))
            if not isinstance(schema, dict) or not isinstance(schema.get("$id"), str):
                raise ValueError(f"{file} has no $id")
            if schema["$id"] in schemas:
                raise ValueError(f"{file}: another file has the $id {schema['$id']}, too")
            schemas[schema["$id"]] = schema
        if not schemas:
            raise ValueError(f"{folder} has no schema in it")
        resources = [(name, Resource.from_contents(schema, DRAFT202012)) for name, schema in schemas.items()]
        registry: Registry[Any] = Registry().with_resources(resources)
        self._validators = {name: _validator(name, schema, registry) for name, schema in schemas.items()}

    def check(self, event: Event) -> None:
        """:raises FaultError: when the data is not what its schema says, or the event names no schema of the folder"""
        if event.dataschema is None:
            raise FaultError(f"dataschema is missing from an event of the type {event.type}")
        validator = self._validators.get(event.dataschema)
        if validator is None:
            raise FaultError(f"dataschema {event.dataschema} is not in the folder")
        for error in validator.iter_errors(event.data):
            raise FaultError(f"{error.json_path} does not fit {event.dataschema}: {error.message}")


def _validator(name: str, schema: Any, registry: Registry[Any]) -> Validator:
    kind = validator_for(schema)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"{name} is no JSON Schema: {error.message}") from error
    validator: Validator = kind(schema, registry=registry, format_checker=kind.FORMAT_CHECKER)
    return validator
