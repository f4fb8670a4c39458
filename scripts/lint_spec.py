#!/usr/bin/env python3
"""Guard spec/capital-openapi.yaml: every rule stands for something the generator drops in silence.

usage: python scripts/lint_spec.py [spec path]

Prints one line per finding and exits 1, or one summary line and exits 0.
"""

from __future__ import annotations

import datetime as dt
import keyword
import re
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, cast

import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing.exceptions import Unresolvable

DEFAULT_SPEC = Path(__file__).resolve().parent.parent / "spec" / "capital-openapi.yaml"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SESSION_HEADERS = {"cst", "x-security-token", "x-cap-api-key"}
SECRETS = {"cst", "securityToken", "password"}
BOUNDS = {
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems",
}  # fmt: skip
ERROR_REF = "#/components/responses/Error"
SCHEMA_PREFIX = "#/components/schemas/"
NEVER_TWICE = "never sends it twice"

Node: TypeAlias = dict[str, Any]


class Finding(NamedTuple):
    """What is wrong, and where in the document."""

    where: str
    what: str


class Operation(NamedTuple):
    """One operation of the document, with what it inherits from its path."""

    where: str
    path: str
    method: str
    node: Node
    parameters: list[Node]


Rule: TypeAlias = Callable[[Node], Iterator[Finding]]


# ------------------------------------------------------------------------------------------------ reading


class _Loader(yaml.SafeLoader):
    """A safe loader that collects keys written twice; PyYAML itself keeps the last one in silence."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[Finding] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                place = f"line {key.start_mark.line + 1}"
                self.repeated.append(Finding(place, f"key {name!r} is written twice; the first is lost"))
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def load(text: str) -> tuple[Node, list[Finding]]:
    """The document, and the keys that are written twice in it."""
    loader = _Loader(text)
    try:
        return mapping(loader.get_single_data()), loader.repeated
    finally:
        loader.dispose()


def mapping(node: object) -> Node:
    """`node` when it is a mapping, else an empty one, so that rules need not ask."""
    return cast("Node", node) if isinstance(node, dict) else {}


def sequence(node: object) -> list[Any]:
    """`node` when it is a list, else an empty one."""
    return [*cast("Iterable[Any]", node)] if isinstance(node, list) else []


def walk(node: object, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every node of the document with its place, parents first."""
    yield where or "document", node
    for key, value in mapping(node).items():
        yield from walk(value, f"{where}.{key}" if where else str(key))
    for index, value in enumerate(sequence(node)):
        yield from walk(value, f"{where}[{index}]")


def resolve(doc: Node, reference: str) -> Any:
    """What a local `$ref` points to, or None."""
    node: Any = doc
    for part in reference.removeprefix("#/").split("/"):
        node = mapping(node).get(part.replace("~1", "/").replace("~0", "~"))
    return node


def operations(doc: Node) -> Iterator[Operation]:
    """Every operation, parameters resolved."""
    for path, item in mapping(doc.get("paths")).items():
        for method in METHODS:
            if method not in mapping(item):
                continue
            node = mapping(item[method])
            listed = [*sequence(mapping(item).get("parameters")), *sequence(node.get("parameters"))]
            parameters = [mapping(resolve(doc, p["$ref"]) if "$ref" in p else p) for p in map(mapping, listed)]
            where = str(node.get("operationId") or f"{method.upper()} {path}")
            yield Operation(where, path, method, node, parameters)


def components(doc: Node) -> Node:
    """The component schemas by name."""
    return mapping(mapping(doc.get("components")).get("schemas"))


def schemas(doc: Node) -> Iterator[tuple[str, Node, bool]]:
    """Every schema with its place and whether it is a component itself, nested ones after their parent."""

    def nested(where: str, schema: Node, top: bool) -> Iterator[tuple[str, Node, bool]]:
        yield where, schema, top
        for key in ("properties", "patternProperties", "$defs"):
            for name, inner in mapping(schema.get(key)).items():
                yield from nested(f"{where}.{name}", mapping(inner), False)
        for key in ("items", "additionalProperties", "not"):
            if isinstance(schema.get(key), dict):
                yield from nested(f"{where}.{key}", schema[key], False)
        for key in ("allOf", "anyOf", "oneOf", "prefixItems"):
            for index, inner in enumerate(sequence(schema.get(key))):
                yield from nested(f"{where}.{key}[{index}]", mapping(inner), False)

    for name, schema in components(doc).items():
        yield from nested(name, mapping(schema), True)
    for operation in operations(doc):
        for parameter in operation.parameters:
            place = f"{operation.where}({parameter.get('name')})"
            yield from nested(place, mapping(parameter.get("schema")), False)
        for place, media in contents(operation):
            yield from nested(place, mapping(media.get("schema")), False)


def contents(operation: Operation) -> Iterator[tuple[str, Node]]:
    """The media type objects of an operation's body and of its own responses."""
    bodies = [("body", mapping(operation.node.get("requestBody")))]
    bodies += [(str(status), mapping(r)) for status, r in mapping(operation.node.get("responses")).items()]
    for name, body in bodies:
        for media in mapping(body.get("content")).values():
            yield f"{operation.where}.{name}", mapping(media)


def reachable(doc: Node, roots: list[Any]) -> set[str]:
    """Names of the components that can be reached from `roots`."""
    found: set[str] = set()
    pending = list(roots)
    while pending:
        for _, node in walk(pending.pop()):
            reference = mapping(node).get("$ref")
            if isinstance(reference, str) and reference not in found:
                found.add(reference)
                pending.append(resolve(doc, reference))
    return {name.removeprefix(SCHEMA_PREFIX) for name in found if name.startswith(SCHEMA_PREFIX)}


def request_components(doc: Node) -> set[str]:
    """Components that are sent: by operations, and on the stream by frames that carry our tokens."""
    roots: list[Any] = []
    for operation in operations(doc):
        roots += [operation.parameters, operation.node.get("requestBody")]
    for name, schema in components(doc).items():
        if mapping(mapping(mapping(schema).get("properties")).get("destination")).get("const"):
            roots.append({"$ref": SCHEMA_PREFIX + name})
    return reachable(doc, roots)


def types(schema: Node) -> list[Any]:
    """The types of a schema as a list."""
    declared = schema.get("type")
    return sequence(declared) or ([declared] if declared else [])


def snake(name: str) -> str:
    """A name as the generator spells modules and attributes."""
    name = re.sub(r"[^0-9A-Za-z]+", "_", name)
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", name).strip("_").lower()


# -------------------------------------------------------------------------------------------------- rules


def rule_valid(doc: Node) -> Iterator[Finding]:
    """A document that is not valid OpenAPI loses whole operations with exit status 0."""
    if not re.fullmatch(r"3\.1\.\d+", str(doc.get("openapi"))):
        yield Finding("openapi", "must be 3.1.x")
        return
    try:
        errors = list(OpenAPIV31SpecValidator(doc).iter_errors())
    except Unresolvable:
        return  # a reference that leads nowhere has a rule of its own, which names it
    for error in errors:
        place = ".".join(str(part) for part in error.absolute_path) or "document"
        yield Finding(place, f"not valid OpenAPI 3.1: {error.message[:160]}")


def rule_version(doc: Node) -> Iterator[Finding]:
    """The generated package names the version it was made from, so there must be a real one."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", str(mapping(doc.get("info")).get("version"))):
        yield Finding("info.version", "must be major.minor.patch")


def rule_yaml_dates(doc: Node) -> Iterator[Finding]:
    """An unquoted timestamp becomes a date object and is spelled differently wherever it is printed."""
    for where, node in walk(doc):
        if isinstance(node, dt.date):
            yield Finding(where, f"quote the date {node}")


def rule_references(doc: Node) -> Iterator[Finding]:
    """An unknown `$ref` drops the schema, response or operation that mentions it."""
    for where, node in walk(doc):
        reference = mapping(node).get("$ref")
        if isinstance(reference, str) and resolve(doc, reference) is None:
            yield Finding(where, f"$ref to nothing: {reference}")


def rule_operation_ids(doc: Node) -> Iterator[Finding]:
    """Of two operationIds that become one module name the later overwrites the earlier in silence."""
    seen: Counter[str] = Counter()
    for operation in operations(doc):
        identifier = str(operation.node.get("operationId") or "")
        tag = str(next(iter(sequence(operation.node.get("tags"))), ""))
        verb = identifier.removeprefix(f"{tag}_")
        if not re.fullmatch(rf"{re.escape(tag)}(_[a-z0-9]+)+", identifier):
            yield Finding(operation.where, f"operationId must be {tag or '<tag>'}_<verb> in snake case")
        elif verb == "list" or keyword.iskeyword(verb):
            yield Finding(operation.where, f"a method named {verb!r} shadows a builtin or is a keyword")
        seen[snake(identifier)] += 1
    for name, count in seen.items():
        if name and count > 1:
            yield Finding(name, f"{count} operationIds become this one module; only the last would survive")


def rule_tags(doc: Node) -> Iterator[Finding]:
    """The tag is the attribute's name: two tags make twin modules, an odd letter makes an odd folder."""
    declared = {str(mapping(tag).get("name")): mapping(tag) for tag in sequence(doc.get("tags"))}
    for operation in operations(doc):
        tags = sequence(operation.node.get("tags"))
        if len(tags) != 1 or not re.fullmatch(r"[a-z]+", str(tags[0])):
            yield Finding(operation.where, f"needs exactly one tag of a-z, has {tags}")
        elif tags[0] not in declared:
            yield Finding(operation.where, f"tag {tags[0]!r} is not declared under tags")
    for name, tag in declared.items():
        if not tag.get("description"):
            yield Finding(f"tags.{name}", "needs a description; it documents the resource class")


def rule_paths(doc: Node) -> Iterator[Finding]:
    """The generator ignores `servers`, and drops an operation whose path parameters do not match its path."""
    for operation in operations(doc):
        if not re.fullmatch(r"(/api/v1)(/[A-Za-z]+|/\{[A-Za-z]+\})+", operation.path):
            yield Finding(operation.where, f"path must be complete, /api/v1/...: {operation.path}")
        wanted = set(re.findall(r"\{([^}]+)\}", operation.path))
        given = {str(p.get("name")) for p in operation.parameters if p.get("in") == "path"}
        if wanted != given:
            yield Finding(operation.where, f"path has {sorted(wanted)}, parameters have {sorted(given)}")


def rule_session(doc: Node) -> Iterator[Finding]:
    """`security` or a session header would put the auth flow's work into every signature."""
    for where, node in walk({key: value for key, value in doc.items() if key != "components"}):
        if "security" in mapping(node):
            yield Finding(where, "no `security` outside of components; the auth flow owns the session")
    for operation in operations(doc):
        for parameter in operation.parameters:
            if str(parameter.get("name")).lower() in SESSION_HEADERS:
                yield Finding(operation.where, f"no parameter {parameter['name']}; the auth flow sends it")


def rule_parameters(doc: Node) -> Iterator[Finding]:
    """Beside the schema, descriptions and examples are lost; header arrays drop the operation."""
    for operation in operations(doc):
        for parameter in operation.parameters:
            place = f"{operation.where}({parameter.get('name')})"
            schema = mapping(parameter.get("schema"))
            for key in ("description", "example", "examples"):
                if key in parameter:
                    yield Finding(place, f"`{key}` belongs inside the schema")
            if not schema.get("description"):
                yield Finding(place, "needs a description inside its schema")
            if "array" in types(schema):
                if parameter.get("in") != "query":
                    yield Finding(place, "an array can only be a query parameter")
                elif parameter.get("explode") is not False or parameter.get("style") != "form":
                    yield Finding(place, "an array needs `style: form, explode: false` (commas)")


def rule_responses(doc: Node) -> Iterator[Finding]:
    """Every further response widens the return type of the method into a union."""
    for operation in operations(doc):
        responses = mapping(operation.node.get("responses"))
        if set(responses) != {"200", "default"}:
            yield Finding(operation.where, f"responses must be 200 and default, are {list(responses)}")
        if mapping(responses.get("default")).get("$ref") != ERROR_REF:
            yield Finding(operation.where, f"`default` must be $ref {ERROR_REF}")
        media = mapping(mapping(responses.get("200")).get("content"))
        schema = mapping(mapping(media.get("application/json")).get("schema"))
        if set(media) != {"application/json"} or set(schema) != {"$ref"}:
            yield Finding(operation.where, "200 needs one JSON content whose schema is a $ref to a component")


def rule_bodies(doc: Node) -> Iterator[Finding]:
    """Only a single JSON body with a component becomes keyword arguments of the method."""
    for operation in operations(doc):
        if "requestBody" not in operation.node:
            continue
        body = mapping(operation.node["requestBody"])
        media = mapping(body.get("content"))
        schema = mapping(mapping(media.get("application/json")).get("schema"))
        if body.get("required") is not True or set(media) != {"application/json"} or set(schema) != {"$ref"}:
            yield Finding(operation.where, "a body must be required, JSON only, its schema a component's $ref")


def rule_components(doc: Node) -> Iterator[Finding]:
    """An inline object or enum is named after its place, so its class is renamed when it moves."""
    for where, schema, top in schemas(doc):
        shaped = "object" in types(schema) or "properties" in schema or "allOf" in schema
        if not top and (shaped or "enum" in schema):
            yield Finding(where, "an inline object or enum; make it a component")
        if "array" in types(schema) and "items" not in schema:
            yield Finding(where, "an array without `items` drops the whole schema")


def rule_titles(doc: Node) -> Iterator[Finding]:
    """A `title` renames the generated class."""
    for where, schema, _ in schemas(doc):
        if "title" in schema:
            yield Finding(where, "no `title`; it renames the class")


def rule_class_names(doc: Node) -> Iterator[Finding]:
    """Two components that become one module overwrite each other."""
    seen: dict[str, str] = {}
    for name in components(doc):
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
            yield Finding(name, "a component is named in PascalCase, letters and digits only")
        if (other := seen.setdefault(snake(name), name)) != name:
            yield Finding(name, f"becomes the same module as {other}")


def rule_descriptions(doc: Node) -> Iterator[Finding]:
    """What has no description has no hover text; 3.1 `examples` never reach it."""
    for where, schema, top in schemas(doc):
        if "examples" in schema:
            yield Finding(where, "use `example`; `examples` is ignored")
        if top and not schema.get("description"):
            yield Finding(where, "component needs a description; it documents the class")
        for name, inner in mapping(schema.get("properties")).items():
            if not mapping(inner).get("description"):
                yield Finding(f"{where}.{name}", "property needs a description; it is the hover text")


def rule_operation_texts(doc: Node) -> Iterator[Finding]:
    """The docstring of a method: one line, then the behaviour, and for a write what repeating it does."""
    for operation in operations(doc):
        summary = str(operation.node.get("summary") or "")
        text = " ".join(str(operation.node.get("description") or "").split())
        if not summary.endswith(".") or "\n" in summary or len(summary) > 80:
            yield Finding(operation.where, "summary must be one line, at most 80 characters, a full stop")
        if not text.endswith("."):
            yield Finding(operation.where, "needs a description that ends with a full stop")
        if operation.method != "get" and NEVER_TWICE not in text:
            yield Finding(operation.where, f"a write must say that the client {NEVER_TWICE}")


def rule_errors(doc: Node) -> Iterator[Finding]:
    """The templates print `x-errors` into the docstring; a malformed row prints nothing."""
    for operation in operations(doc):
        if not isinstance(operation.node.get("x-errors"), list):
            yield Finding(operation.where, "needs x-errors, a list (it may be empty)")
        seen: set[tuple[object, object]] = set()
        for row in map(mapping, sequence(operation.node.get("x-errors"))):
            status, code, when = row.get("status"), str(row.get("code")), str(row.get("when"))
            if set(row) != {"status", "code", "when"}:
                yield Finding(operation.where, f"x-errors row needs exactly status, code, when: {row}")
            elif not isinstance(status, int) or not 400 <= status <= 599:
                yield Finding(operation.where, f"x-errors row has an odd status: {row}")
            elif not re.fullmatch(r"error\.[A-Za-z.-]+", code) or not when.endswith("."):
                yield Finding(operation.where, f"x-errors row has an odd code or sentence: {row}")
            if (status, code) in seen:
                yield Finding(operation.where, f"x-errors lists {status} {code} twice")
            seen.add((status, code))


def rule_nullable(doc: Node) -> Iterator[Finding]:
    """`null` in an enum makes three classes of it; `nullable` is 3.0 and ignored beside a $ref."""
    for where, schema, _ in schemas(doc):
        if "enum" in schema and None in sequence(schema["enum"]):
            yield Finding(where, 'no null in an enum; use oneOf: [$ref, {type: "null"}]')
        if "nullable" in schema:
            yield Finding(where, 'no `nullable` in 3.1; use type: [T, "null"]')


def rule_required(doc: Node) -> Iterator[Finding]:
    """A misspelt name in `required` is ignored, and the field quietly becomes optional."""
    for where, schema, _ in schemas(doc):
        names = sequence(schema.get("required"))
        for name in names:
            if name not in mapping(schema.get("properties")):
                yield Finding(where, f"required names {name!r}, which is no property")
        if len(names) != len(set(names)):
            yield Finding(where, "required names a property twice")


def rule_defaults(doc: Node) -> Iterator[Finding]:
    """A `default` is always sent, even when the caller said nothing; in an answer it is ignored."""
    for where, schema, _ in schemas(doc):
        if "default" in schema:
            yield Finding(where, "no `default`; say in the description what the server takes")


def rule_open_objects(doc: Node) -> Iterator[Finding]:
    """`additionalProperties: false` drops fields that the server adds later."""
    for where, schema, _ in schemas(doc):
        if schema.get("additionalProperties") is False:
            yield Finding(where, "no `additionalProperties: false`; unknown fields must be kept")


def rule_times(doc: Node) -> Iterator[Finding]:
    """The templates make a date-time aware or naive by how its description starts."""
    sent = request_components(doc)
    for where, schema, _ in schemas(doc):
        if schema.get("format") != "date-time":
            continue
        text = str(schema.get("description") or "")
        request = "(" in where or where.split(".")[0] in sent
        if not text.startswith(("UTC.", "Account-local.")):
            yield Finding(where, "description of a date-time must start with 'UTC.' or 'Account-local.'")
        elif request and not text.startswith("UTC."):
            yield Finding(where, "a date-time that is sent is always UTC")
        elif text.startswith("Account-local.") and "timezoneOffset" not in text:
            yield Finding(where, "an account-local description must point to `timezoneOffset`")
        elif where.lower().endswith("utc") and not text.startswith("UTC."):
            yield Finding(where, "the name says UTC, the description does not")


def rule_enums(doc: Node) -> Iterator[Finding]:
    """Of two enum values that become one member one is dropped; odd values are named by position."""
    for where, schema, _ in schemas(doc):
        if "enum" not in schema:
            continue
        values = sequence(schema["enum"])
        names = sequence(schema.get("x-enum-varnames"))
        if len(values) != len(set(map(str, values))):
            yield Finding(where, "an enum value is listed twice")
        if names and len(names) != len(values):
            yield Finding(where, f"{len(names)} x-enum-varnames for {len(values)} values would be ignored")
        if not names:
            plain = re.compile(r"[A-Z][A-Z0-9_]*")
            odd = [value for value in values if not (isinstance(value, str) and plain.fullmatch(value))]
            if odd:
                yield Finding(where, f"needs x-enum-varnames, these values are not member names: {odd}")
        members = Counter(re.sub(r"[^0-9A-Za-z]+", "_", str(name)).upper() for name in (names or values))
        for member, count in members.items():
            if count > 1:
                yield Finding(where, f"{count} values become the member {member}; only one survives")
        for value in mapping(schema.get("x-enumDescriptions")):
            if value not in values:
                yield Finding(where, f"x-enumDescriptions explains {value!r}, which is no value")


def rule_bounds(doc: Node) -> Iterator[Finding]:
    """Bounds are checked before a request is sent; in an answer they would only claim what nobody knows."""
    sent = request_components(doc)
    for where, schema, _ in schemas(doc):
        if "(" in where or where.split(".")[0] in sent:
            continue
        for key in sorted(BOUNDS & set(schema)):
            yield Finding(where, f"`{key}` in an answer; bounds belong to requests")


def rule_secrets(doc: Node) -> Iterator[Finding]:
    """`format: password` is what keeps a secret out of the generated repr."""
    for where, schema, _ in schemas(doc):
        for name, inner in mapping(schema.get("properties")).items():
            if name in SECRETS and mapping(inner).get("format") != "password":
                yield Finding(f"{where}.{name}", "a secret needs `format: password`")


RULES: tuple[Rule, ...] = (
    rule_valid,
    rule_version,
    rule_yaml_dates,
    rule_references,
    rule_operation_ids,
    rule_tags,
    rule_paths,
    rule_session,
    rule_parameters,
    rule_responses,
    rule_bodies,
    rule_components,
    rule_titles,
    rule_class_names,
    rule_descriptions,
    rule_operation_texts,
    rule_errors,
    rule_nullable,
    rule_required,
    rule_defaults,
    rule_open_objects,
    rule_times,
    rule_enums,
    rule_bounds,
    rule_secrets,
)


def lint(text: str) -> list[Finding]:
    """All findings in a document."""
    doc, findings = load(text)
    for rule in RULES:
        findings += rule(doc)
    return findings


def main(arguments: list[str]) -> int:
    """Lint the document that is named, or the real one."""
    path = Path(arguments[0]) if arguments else DEFAULT_SPEC
    text = path.read_text(encoding="utf-8")
    findings = lint(text)
    for finding in findings:
        print(f"spec/{path.name}: {finding.where}: {finding.what}")
    if findings:
        return 1
    doc, _ = load(text)
    counts = f"{sum(1 for _ in operations(doc))} operations, {len(components(doc))} components"
    print(f"spec/{path.name}: {counts}, {len(RULES)} rules, no findings")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
