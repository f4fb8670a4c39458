// The page at /docs: the OpenAPI document, to be read and searched.

import { element, find, write } from "/page/common.js";
import { inline, markdown } from "/page/markdown.js";

const METHODS = ["get", "post", "put", "delete", "patch"];

let schemas = {};

// -------------------------------------------------------------------------------------------------------- schemas

const nameOf = (reference) => reference.split("/").at(-1);
const link = (name) => element("a", { href: `#schema-${name}` }, name);
const resolve = (schema) => (schema.$ref ? { ...schemas[nameOf(schema.$ref)], ...schema } : schema);

/** What kind of value a schema is, with links to the schemas that it names. */
function kind(schema) {
  if (schema.$ref) return [link(nameOf(schema.$ref))];
  const several = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (several) return several.flatMap((one, at) => [...(at ? [" or "] : []), ...kind(one)]);
  if (schema.type === "array") return ["list of ", ...kind(schema.items ?? {})];
  if (schema.type === "object" && typeof schema.additionalProperties === "object") return ["object of ", ...kind(schema.additionalProperties)];
  const type = [schema.type ?? "any"].flat().join(" or ");
  return [schema.format ? `${type}, ${schema.format}` : type];
}

const LIMITS = {
  minimum: "at least", exclusiveMinimum: "above", maximum: "at most", exclusiveMaximum: "below",
  minLength: "characters at least", maxLength: "characters at most", minItems: "items at least", maxItems: "items at most",
  pattern: "pattern", default: "default",
};

/** Bounds and the example, each a line. An empty list is no bound worth a line. */
function remarks(schema) {
  const lines = Object.entries(LIMITS)
    .filter(([key]) => schema[key] !== undefined && !(key === "minLength" && schema[key] === 1))
    .map(([key, words]) => `${words} ${schema[key]}`);
  const all = [];
  if (lines.length) all.push(element("p", { class: "unit" }, lines.join(", ")));
  if (schema.example !== undefined) {
    const example = typeof schema.example === "string" ? schema.example : JSON.stringify(schema.example);
    all.push(element("p", { class: "unit" }, "for example ", element("code", {}, example)));
  }
  return all;
}

const heading = (text) => element("th", { scope: "col", role: "columnheader" }, text);
const cell = (style, ...children) => element("td", { role: "cell", class: style || null }, ...children);

/** The roles say that it is a table although a narrow screen lays it out otherwise. */
function table(title, heads, rows) {
  return element(
    "div", { class: "scroller", tabindex: "0", role: "region", "aria-label": title },
    element(
      "table", { class: "definitions", role: "table" }, element("caption", { class: "hidden" }, title),
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads.map(heading))),
      element("tbody", { role: "rowgroup" }, ...rows.map((cells) => element("tr", { role: "row" }, ...cells))),
    ),
  );
}

function fieldRow(name, required, schema, description) {
  const mark = required ? [" ", element("span", { class: "required" }, "required")] : [];
  return [
    cell("name", name, ...mark),
    cell("type", ...kind(schema)),
    cell("", markdown(description ?? schema.description ?? resolve(schema).description), ...remarks(schema)),
  ];
}

function fields(title, schema) {
  const whole = resolve(schema);
  const required = new Set(whole.required ?? []);
  const rows = Object.entries(whole.properties ?? {}).map(([name, field]) => fieldRow(name, required.has(name), field));
  return rows.length ? [table(title, ["Field", "Type", "Meaning"], rows)] : [];
}

function values(title, schema) {
  const told = schema["x-enumDescriptions"] ?? {};
  const rows = schema.enum.map((value) => [
    cell("name", String(value)),
    cell("", ...inline(told[value] ?? "")),
  ]);
  return table(title, ["Value", "Meaning"], rows);
}

function schemaCard(name, schema) {
  return element(
    "section", { class: "card schema", id: `schema-${name}`, "aria-labelledby": `title-${name}` },
    element("h3", { id: `title-${name}` }, element("a", { href: `#schema-${name}` }, name)),
    markdown(schema.description),
    ...(schema.enum ? [values(`Values of ${name}`, schema)] : []),
    ...fields(`Fields of ${name}`, schema),
  );
}

// ----------------------------------------------------------------------------------------------------- operations

const content = (holder) => Object.values(holder?.content ?? {})[0]?.schema;

function part(title, note, ...rest) {
  const told = note ? [" ", element("span", { class: "note" }, ...note)] : [];
  return [element("h4", {}, title, ...told), ...rest];
}

/** A body or an answer: the schema's name, and its fields. */
function bodyPart(title, label, schema, description) {
  if (!schema) return [];
  const note = [...kind(schema), ...(description ? [" · ", ...inline(description)] : [])];
  return part(title, note, ...fields(label, schema));
}

function operationCard({ path, method, operation }) {
  const id = operation.operationId;
  const call = `capital.${id.replace("_", ".")}(…)`;
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith("2"))?.[1];
  const parameters = operation.parameters ?? [];
  const errors = operation["x-errors"] ?? [];
  const parameterRow = (parameter) => {
    const [name, type, meaning] = fieldRow(parameter.name, parameter.required, parameter.schema, parameter.description);
    return [name, cell("type", parameter.in), type, meaning];
  };
  return element(
    "section", { class: "card operation", id, "aria-labelledby": `title-${id}` },
    element("h3", { id: `title-${id}` }, element("a", { href: `#${id}` }, operation.summary)),
    element(
      "p", { class: "route" }, element("span", { class: `method ${method}` }, method.toUpperCase()),
      element("code", {}, path), element("code", { class: "unit" }, call),
    ),
    markdown(operation.description),
    ...(parameters.length
      ? part("Parameters", null, table(`Parameters of ${id}`, ["Name", "In", "Type", "Meaning"], parameters.map(parameterRow)))
      : []),
    ...bodyPart("Body", `Body of ${id}`, content(operation.requestBody)),
    ...bodyPart("Answer", `Answer of ${id}`, content(success), success?.description),
    ...(errors.length
      ? part("Errors", null, table(`Errors of ${id}`, ["Status", "Code", "When"], errors.map((error) => [
          cell("name", String(error.status)),
          cell("name", error.code),
          cell("", ...inline(error.when)),
        ])))
      : []),
  );
}

// ------------------------------------------------------------------------------------------------------ the page

function operations(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })));
}

const indexItem = (target, ...label) => element("li", {}, element("a", { href: `#${target}` }, ...label));

/** Things that a search shows or hides together: a card, its line in the index, and the words that it is found by. */
const entries = [];

function enter(card, item, ...more) {
  entries.push({ card, item, words: [card.textContent, ...more].join(" ").toLowerCase() });
  return card;
}

function group(index, body, id, title, description, cards) {
  const section = element("section", { id, "aria-labelledby": `title-${id}` }, element("h2", { id: `title-${id}` }, title));
  if (description) section.append(markdown(description));
  section.append(...cards.map(([card]) => card));
  const list = element("ul", {}, ...cards.map(([, item]) => item));
  index.append(element("div", { class: "group" }, element("h2", {}, title), list));
  body.append(section);
}

function build(document) {
  schemas = document.components.schemas;
  const [index, body] = [find("index"), find("body")];
  const all = operations(document);
  body.append(element(
    "section", { id: "about", "aria-labelledby": "title-about" },
    element("h2", { id: "title-about" }, document.info.title, " ", element("span", { class: "count" }, `version ${document.info.version}`)),
    element("p", {}, document.info.summary ?? ""), markdown(document.info.description),
  ));
  for (const tag of document.tags) {
    const cards = all.filter(({ operation }) => operation.tags.includes(tag.name)).map((each) => {
      const { method, path, operation } = each;
      const badge = element("span", { class: `method ${method}`, "aria-hidden": "true" }, method === "delete" ? "DEL" : method.toUpperCase());
      const item = indexItem(operation.operationId, badge, element("span", {}, operation.summary.replace(/\.$/, "")));
      return [enter(operationCard(each), item, operation.operationId, `${method} ${path}`), item];
    });
    if (cards.length) group(index, body, `tag-${tag.name}`, tag.name, tag.description, cards);
  }
  const made = Object.entries(schemas).map(([name, schema]) => {
    const item = indexItem(`schema-${name}`, name);
    return [enter(schemaCard(name, schema), item, name), item];
  });
  group(index, body, "schemas", "schemas", null, made);
}

function search() {
  const wanted = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { card, item, words } of entries) {
    const fits = wanted.every((word) => words.includes(word));
    card.hidden = item.hidden = !fits;
    count += fits;
  }
  find("about").hidden = wanted.length > 0;
  const emptied = (holder, inner) => { holder.hidden = wanted.length > 0 && !holder.querySelector(inner); };
  document.querySelectorAll("#index .group").forEach((holder) => emptied(holder, "li:not([hidden])"));
  document.querySelectorAll("#body > section:not(#about)").forEach((holder) => emptied(holder, ".card:not([hidden])"));
  if (wanted.length) scrollTo({ top: 0 });
  write(find("found"), wanted.length ? `${count || "Nothing"} found` : "");
}

/** A link may lead to what the search hides. */
function reveal() {
  const target = find(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden || target.closest("[hidden]")) {
    find("search").value = "";
    search();
  }
  target.scrollIntoView();
}

async function start() {
  find("contents").open = matchMedia("(min-width: 60rem)").matches;
  try {
    const answer = await fetch("/docs/capital-openapi.json");
    if (!answer.ok) throw new TypeError(`status ${answer.status}`);
    build(await answer.json());
  } catch (problem) {
    const notice = find("notice");
    notice.hidden = false;
    write(notice, `The document could not be read (${problem.message}).`);
    throw problem;
  }
  find("search").addEventListener("input", search);
  find("search").form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  search();
  reveal();
}

start();
