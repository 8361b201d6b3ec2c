"""The OpenAPI 3.1 document, written from what the calls declare."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from apiflask import APIFlask
from flask import current_app
from pydantic import BaseModel, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from werkzeug.routing import Rule

from policyforum.api.calls import JSON, Call, call_of
from policyforum.api.schemas.base import Query
from policyforum.db.base import LARGEST_NUMBER
from policyforum.web.access import everyone

KEY = "policyforum.openapi"
ENDPOINT = "openapi.spec"
PROBLEM = "application/problem+json"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

DESCRIPTION = """\
The main loop, from the draft to the decision, for programs. A token acts for its owner.

Times are RFC 3339 in UTC. Positions and lengths count Unicode code points. What one may not see
answers 404, what one may see but not do 403. A call with an `Idempotency-Key` that was used before
answers the first result again and changes nothing."""


class Problem(BaseModel):
    """A refusal (RFC 9457). `errors`: messages by field; `current`, `merged`: what is in force
    now; `missing`: what a gate still wants."""

    title: str
    status: int
    detail: str
    errors: dict[str, list[str]] = Field(default={})
    current: dict[str, Any] = Field(default={})
    merged: dict[str, Any] = Field(default={})
    missing: list[dict[str, Any]] = Field(default=[])


def register(app: APIFlask) -> None:
    """Write the document from the calls; anyone may read it."""
    app.spec_processor(lambda _document: whole_document())
    app.view_functions[ENDPOINT] = everyone(app.view_functions[ENDPOINT])


def whole_document() -> dict[str, Any]:
    """The document; written once for each start of the application."""
    if KEY not in current_app.extensions:
        current_app.extensions[KEY] = _write()
    document: dict[str, Any] = current_app.extensions[KEY]
    return document


def _write() -> dict[str, Any]:
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint[:4] == "api."]
    calls = [call_of(current_app.view_functions[rule.endpoint]) for rule in rules]
    schemas, names = _schemas(calls)
    paths: dict[str, Any] = {}
    for rule, call in zip(rules, calls, strict=True):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in METHODS:
            if method in (rule.methods or ()):
                paths.setdefault(path, {})[method.lower()] = _operation(rule, call, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "policyforum", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in sorted({_tag(rule) for rule in rules})],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


Names = dict[tuple[type[Any], JsonSchemaMode], dict[str, Any]]


def _schemas(calls: list[Call]) -> tuple[dict[str, Any], Names]:
    """The schemas by name, and for each model the reference to its own."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "validation")]
    for call in calls:
        wanted += [(call.answer, "serialization")] if call.answer else []
        wanted += [(call.body, "validation")] if call.body else []
    references, defined = models_json_schema(
        list(dict.fromkeys(wanted)), ref_template="#/components/schemas/{model}"
    )
    return defined["$defs"], dict(references)


def _operation(rule: Rule, call: Call, names: Names) -> dict[str, Any]:
    view = current_app.view_functions[rule.endpoint]
    summary, _blank, description = (view.__doc__ or "").partition("\n")
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api."),
        "tags": [_tag(rule)],
        "summary": summary.rstrip("."),
        "parameters": [*_places(rule), *_parameters(call.query)],
        "responses": _responses(rule, call, names),
    }
    if description.strip():
        operation["description"] = " ".join(description.split())
    if call.body:
        operation["parameters"].append(_idempotency())
        content = {JSON: {"schema": names[call.body, "validation"]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _tag(rule: Rule) -> str:
    return current_app.view_functions[rule.endpoint].__module__.rsplit(".", 1)[1]


def _places(rule: Rule) -> list[dict[str, Any]]:
    places = re.findall(r"<(?:(\w+):)?(\w+)>", rule.rule)
    number = {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER}
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": number if converter == "int" else {"type": "string", "minLength": 1},
        }
        for converter, name in places
    ]


def _parameters(query: type[Query] | None) -> list[dict[str, Any]]:
    if query is None:
        return []
    properties = query.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema.pop("description", ""),
            "schema": _without_null(schema),
        }
        for name, schema in properties.items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is not sent is null for us, but null can't be sent."""
    if "anyOf" in schema:
        return next(option for option in schema["anyOf"] if option.get("type") != "null")
    return {name: value for name, value in schema.items() if name != "title"}


def _idempotency() -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Sent again with the same request, it answers the first result.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,190}$"},
    }


def _responses(rule: Rule, call: Call, names: Names) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": {"type": "string"}} for kind in call.also}
    if call.answer:
        content[JSON] = {"schema": names[call.answer, "serialization"]}
    responses: dict[str, Any] = {
        str(call.status): {"description": HTTPStatus(call.status).phrase, "content": content}
    }
    for status in sorted(_refusals(rule, call)):
        responses[str(status)] = _refusal(status, names)
    return responses


def _refusals(rule: Rule, call: Call) -> set[int]:
    found = {401, 429, 503, *call.refusals}
    if rule.arguments:
        found.add(404)
    if call.query:
        found.add(422)
    if call.body:
        found |= {400, 409, 413, 415, 422}  # 409: a key that was used for another request
    return found


def _refusal(status: int, names: Names) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM: {"schema": names[Problem, "validation"]}},
    }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        told["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    if status == HTTPStatus.UNAUTHORIZED:
        told["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return told
