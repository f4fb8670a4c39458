// What both pages need. Everything from the server reaches the document as text, never as markup.

/** A new element: element("td", {class: "num"}, "text", child). Attributes that are null or false are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const find = (id) => document.getElementById(id);

/** Writes a text only where it differs, so that a selection in the page survives the next update. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
