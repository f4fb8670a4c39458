// The little Markdown that the document uses: paragraphs, headings, lists, tables, code, emphasis, links.

import { element } from "/page/common.js";

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:[^)\s]+|#[^)\s]*)\)/g;

/** A text with code, emphasis and links, as nodes. */
export function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [all, code, strong, emphasis, label, target] = match;
    nodes.push(text.slice(end, match.index));
    if (code !== undefined) nodes.push(element("code", {}, code));
    else if (strong !== undefined) nodes.push(element("strong", {}, ...inline(strong)));
    else if (emphasis !== undefined) nodes.push(element("em", {}, ...inline(emphasis)));
    else nodes.push(element("a", { href: target, rel: "noreferrer" }, ...inline(label)));
    end = match.index + all.length;
  }
  return [...nodes, text.slice(end)].filter((node) => node !== "");
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function table(lines) {
  const [head, , ...rows] = lines.map(cells);
  const row = (tag, attributes, values) => element("tr", {}, ...values.map((value) => element(tag, attributes, ...inline(value))));
  return element(
    "div", { class: "scroller", tabindex: "0", role: "region", "aria-label": head.join(", ") },
    element(
      "table", {}, element("thead", {}, row("th", { scope: "col" }, head)),
      element("tbody", {}, ...rows.map((values) => row("td", {}, values))),
    ),
  );
}

function block(text) {
  const lines = text.split("\n");
  const heading = /^#{1,6} (.*)$/.exec(lines[0]);
  if (heading) {
    const rest = lines.slice(1).join("\n").trim();
    return [element("h3", {}, ...inline(heading[1])), ...(rest ? block(rest) : [])];
  }
  if (lines[0].startsWith("|") && /^\|[\s:|-]+\|?$/.test(lines[1] ?? "")) return [table(lines)];
  if (/^[-*] /.test(lines[0])) {
    const items = text.split(/^[-*] /m).slice(1).map((item) => item.replaceAll("\n", " ").trim());
    return [element("ul", {}, ...items.map((item) => element("li", {}, ...inline(item))))];
  }
  return [element("p", {}, ...inline(lines.join(" ")))];
}

/** A Markdown text as an element. */
export function markdown(text) {
  const blocks = (text ?? "").trim().split(/\n\s*\n/).filter(Boolean);
  return element("div", { class: "prose" }, ...blocks.flatMap(block));
}
