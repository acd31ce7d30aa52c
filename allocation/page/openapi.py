"""The page's calls in OpenAPI, for whoever writes a program that asks them: made of the registry, never by hand."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from allocation import __version__
from allocation.page.call import ApiCall, ProblemsTold
from allocation.page.guarding import COOKIE, LOOK, MARK
from allocation.texts import LANGUAGES, Speaker

VERSION = "3.1.0"  # of OpenAPI: that whose schemas are JSON Schema
REFERRED = "#/components/schemas/{model}"
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
REFUSED = {"401": "token", "403": "stranger", "409": "overwritten", "413": "too_large", "422": "problems"}
Schema = dict[str, Any]


def described(calls: Mapping[str, ApiCall], speaker: Speaker) -> Schema:
    """The document that `GET /api/openapi.json` answers."""
    schemas: Schema = {}
    paths = {f"/api/{name}": {"post": _operation(call, schemas, speaker)} for name, call in sorted(calls.items())}
    paths |= _of_files(schemas, speaker)
    return {
        "openapi": VERSION,
        "info": {"title": speaker.say("page_api.title"), "version": __version__},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
        },
        "security": [{}, {"bearer": []}, {"cookie": []}],
    }


def asked_schema(call: ApiCall, schemas: Schema) -> Schema:
    """What a call is asked; the classes it names are put among `schemas`."""
    whole = call.asked.model_json_schema(ref_template=REFERRED)
    schemas |= whole.pop("$defs", {})
    return whole


def answer_schema(answer: Any, schemas: Schema) -> Schema:
    """What a call answers, as its types say; the TypedDicts it names are put among `schemas`."""
    if answer in PLAIN:
        return {"type": PLAIN[answer]}
    if is_typeddict(answer):
        if answer.__name__ not in schemas:
            schemas[answer.__name__] = {}  # before its parts, lest one that holds its own kind be looked at for ever
            schemas[answer.__name__] = _object_schema(answer, schemas)
        return {"$ref": REFERRED.format(model=answer.__name__)}
    kind, parts = get_origin(answer), get_args(answer)
    if kind in (typing.Union, UnionType):
        return {"anyOf": [answer_schema(part, schemas) for part in parts]}
    if kind is typing.Literal:
        return {"enum": [*parts]}
    if kind in (list, tuple):
        return {"type": "array", "items": answer_schema(parts[0], schemas)}
    if kind is dict:
        return {"type": "object", "additionalProperties": answer_schema(parts[1], schemas)}
    return {}  # anything at all


def _object_schema(answer: Any, schemas: Schema) -> Schema:
    hints = get_type_hints(answer, include_extras=True)
    asked_for = [name for name, hint in hints.items() if get_origin(hint) is not NotRequired]
    held = {name: answer_schema(_plain(hint), schemas) for name, hint in hints.items()}
    return {"type": "object", "properties": held, "required": asked_for, "additionalProperties": False}


def _plain(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is NotRequired else hint


def _operation(call: ApiCall, schemas: Schema, speaker: Speaker) -> Schema:
    return {
        "operationId": call.name,
        "summary": speaker.say(call.about),
        "x-changes": call.changes,
        "parameters": [_header(MARK, ["1"], True), _header("x-lang", [*LANGUAGES], False), _header(LOOK, ["1"], False)],
        "requestBody": {"required": True, "content": _json(asked_schema(call, schemas))},
        "responses": _answers(answer_schema(call.answer, schemas), schemas, speaker),
    }


def _answers(good: Schema, schemas: Schema, speaker: Speaker) -> Schema:
    """With the refusals that any call may answer."""
    problems = _json(answer_schema(ProblemsTold, schemas))
    refused = {
        code: {"description": speaker.say(f"page_api.refused_{why}")} | ({"content": problems} if code > "403" else {})
        for code, why in REFUSED.items()
    }
    return {"200": {"description": speaker.say("page_api.answered"), "content": _json(good)}} | refused


def _of_files(schemas: Schema, speaker: Speaker) -> Schema:
    """Files in and out, whose bytes are no JSON, and this document itself."""
    data: Schema = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    name = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    text = {"type": "string"}
    put = {
        "operationId": "putFile",
        "summary": speaker.say("page_api.files_put"),
        "parameters": [
            _header(MARK, ["1"], True),
            {"name": "name", "in": "query", "required": True, "schema": text},
            {"name": "folder", "in": "query", "required": False, "schema": text},
        ],
        "requestBody": {"required": True, "content": data},
        "responses": _answers(name, schemas, speaker),
    }
    missing = {"description": speaker.say("page_api.refused_missing"), "content": _json(_problems())}
    get = {
        "operationId": "getFile",
        "summary": speaker.say("page_api.file_get"),
        "parameters": [{"name": "name", "in": "path", "required": True, "schema": text}],
        "responses": {"200": {"description": speaker.say("page_api.answered"), "content": data}, "404": missing},
    }
    itself = {
        "operationId": "getOpenapi",
        "summary": speaker.say("page_api.openapi"),
        "responses": {"200": {"description": speaker.say("page_api.answered"), "content": _json({"type": "object"})}},
    }
    return {"/api/files": {"put": put}, "/file/{name}": {"get": get}, "/api/openapi.json": {"get": itself}}


def _problems() -> Schema:
    return {"$ref": REFERRED.format(model=ProblemsTold.__name__)}


def _header(name: str, values: list[str], required: bool) -> Schema:
    return {"name": name, "in": "header", "required": required, "schema": {"enum": values}}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}
