"""What docs/api.md and docs/zh/api.md say of every call: made of the OpenAPI document alone."""

from __future__ import annotations

from pathlib import Path

from allocation.page.calls import CALLS
from allocation.page.openapi import Schema, described
from allocation.page.server import Tab

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": DOCS / "api.md", "zh": DOCS / "zh" / "api.md"}
BEGIN, END = "<!-- calls: made by tests/page/api_pages.py -->", "<!-- end of the calls -->"
SAID = {
    "en": ("asks", "answers", "changes", "Types"),
    "zh": ("请求", "回答", "改动", "类型"),
}


def section(lang: str) -> str:
    """Every call, then the types that they name."""
    asks, answers, changes, types = SAID[lang]
    document = described(CALLS, Tab(lang))
    lines: list[str] = []
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            told = [f"{method.upper()} {path}{_query(call)}" + (f" ({changes})" if call.get("x-changes") else "")]
            body = call.get("requestBody")
            told += [f"{asks}: {_content(body)}"] if body else []
            told += [f"{answers}: {_content(call['responses']['200'])}"]
            lines += [f"### {call['operationId']}", "", call["summary"], "", "```text", *told, "```", ""]
    lines += [f"## {types}", "", "```text"]
    lines += [f"{name}: {notation(schema)}" for name, schema in document["components"]["schemas"].items()]
    return "\n".join([BEGIN, "", *lines, "```", "", END])


def notation(schema: Schema) -> str:
    """A schema on one line: `?` after what may be left out."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(notation(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("type") == "array":
        return f"[{notation(schema.get('items') or schema['prefixItems'][0])}]"
    if "properties" in schema:
        must = schema.get("required", [])
        held = [f"{key}{'' if key in must else '?'}: {notation(part)}" for key, part in schema["properties"].items()]
        return "{" + ", ".join(held) + "}"
    if isinstance(schema.get("additionalProperties"), dict):
        return "{…: " + notation(schema["additionalProperties"]) + "}"
    return {"object": "{}"}.get(str(schema.get("type", "any")), str(schema.get("type", "any")))


def page_with(text: str, lang: str) -> str:
    """The page with its calls as they are now."""
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return before + section(lang) + after


def _query(call: Schema) -> str:
    named = [f"{entry['name']}=…" for entry in call.get("parameters", []) if entry["in"] == "query"]
    return f"?{'&'.join(named)}" if named else ""


def _content(answer: Schema) -> str:
    ((kind, held),) = answer["content"].items()
    return notation(held["schema"]) if kind == "application/json" else kind
