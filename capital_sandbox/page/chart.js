// The equity curve: an SVG of the size that it has on the screen.

const NAMESPACE = "http://www.w3.org/2000/svg";
const MARGIN = { top: 8, right: 8, bottom: 22, left: 74 };

function shape(name, attributes, text) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Round numbers between two values, some four of them. */
function ticks(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step / 1e6; value += step) found.push(value);
  return found;
}

function dayOrTime(instant, span) {
  const text = new Date(instant).toISOString();
  if (span > 20 * 86400e3) return text.slice(0, 10);
  return span > 86400e3 ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : text.slice(11, 19);
}

/** Keeps a curve in an element up to date. `say` gets the point under the pointer, or null when there is none. */
export class Chart {
  constructor(place, format, say) {
    this.place = place;
    this.format = format;
    this.say = say;
    this.points = [];
    this.svg = shape("svg", { role: "img", focusable: "false" });
    this.place.append(this.svg);
    new ResizeObserver(() => this.draw()).observe(place);
    this.svg.addEventListener("pointermove", (event) => this.point(event));
    this.svg.addEventListener("pointerleave", () => this.leave());
  }

  show(points) {
    this.points = points;
    this.draw();
  }

  scale() {
    const times = this.points.map((point) => point.time);
    const values = this.points.map((point) => point.balance);
    let [low, high] = [Math.min(...values), Math.max(...values)];
    const least = Math.max(Math.abs(high) * 0.0005, 0.01); // a flat line stays in the middle
    const pad = Math.max((high - low) * 0.08, (least - (high - low)) / 2);
    low -= pad;
    high += pad;
    const [first, last] = [times[0], Math.max(times.at(-1), times[0] + 1)];
    const width = this.width - MARGIN.left - MARGIN.right;
    const height = this.height - MARGIN.top - MARGIN.bottom;
    return {
      low, high, first, last,
      x: (time) => MARGIN.left + ((time - first) / (last - first)) * width,
      y: (value) => MARGIN.top + (1 - (value - low) / (high - low)) * height,
    };
  }

  draw() {
    this.width = Math.max(this.place.clientWidth, 120);
    this.height = Math.max(this.place.clientHeight, 120);
    if (!this.points.length) return;
    const scale = this.scale();
    const { x, y } = scale;
    const bottom = this.height - MARGIN.bottom;
    const path = this.points
      .map((point, at) => `${at ? "L" : "M"}${x(point.time).toFixed(1)} ${y(point.balance).toFixed(1)}`)
      .join("");
    const drawn = [];
    for (const value of ticks(scale.low, scale.high)) {
      const level = y(value);
      drawn.push(shape("line", { class: "grid", x1: MARGIN.left, x2: this.width - MARGIN.right, y1: level, y2: level }));
      drawn.push(shape("text", { class: "axis", x: MARGIN.left - 8, y: level + 4, "text-anchor": "end" }, this.format(value)));
    }
    const span = scale.last - scale.first;
    const below = { class: "axis", y: this.height - 6 };
    drawn.push(shape("text", { ...below, x: MARGIN.left }, dayOrTime(scale.first, span)));
    if (span > 1) {
      const end = { ...below, x: this.width - MARGIN.right, "text-anchor": "end" };
      drawn.push(shape("text", end, dayOrTime(scale.last, span)));
    }
    const last = this.points.at(-1);
    const [startX, endX] = [x(this.points[0].time), x(last.time)];
    drawn.push(shape("path", { class: "area", d: `${path}L${endX.toFixed(1)} ${bottom}L${startX.toFixed(1)} ${bottom}Z` }));
    drawn.push(shape("path", { class: "line", d: path }));
    drawn.push(shape("circle", { class: "end", r: 4, cx: endX, cy: y(last.balance) }));
    this.cursor = shape("line", { class: "cursor", y1: MARGIN.top, y2: bottom, visibility: "hidden" });
    drawn.push(this.cursor);
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    const [from, to] = [this.format(this.points[0].balance), this.format(last.balance)];
    this.svg.setAttribute("aria-label", `Balance over time: from ${from} to ${to}, in ${this.points.length} points`);
    this.svg.dataset.points = this.points.length;
    this.svg.replaceChildren(...drawn);
    if (this.pointer !== undefined) this.mark();
  }

  point(event) {
    this.pointer = ((event.clientX - this.svg.getBoundingClientRect().left) / this.svg.clientWidth) * this.width;
    this.mark();
  }

  mark() {
    const { x } = this.scale();
    const distance = (point) => Math.abs(x(point.time) - this.pointer);
    const nearest = this.points.reduce((best, point) => (distance(point) < distance(best) ? point : best));
    this.cursor.setAttribute("x1", x(nearest.time));
    this.cursor.setAttribute("x2", x(nearest.time));
    this.cursor.setAttribute("visibility", "visible");
    this.say(nearest);
  }

  leave() {
    this.pointer = undefined;
    this.cursor?.setAttribute("visibility", "hidden");
    this.say(null);
  }
}
