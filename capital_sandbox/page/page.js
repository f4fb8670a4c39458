// The page at /: asks the sandbox once a second what there is and shows it.

import { Chart } from "/page/chart.js";
import { element, find, write } from "/page/common.js";

const EVERY = 1000; // milliseconds between two looks
const PATIENCE = 5000; // after which a look that brings no answer counts as failed
const MOST_ROWS = 200;
const USUAL_KEY = "sandbox-api-key";

let chosen = null; // the account that is shown
let latest = null; // the last state that came

// ---------------------------------------------------------------------------------------------- numbers and times

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 10 });
const cents = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const price = (value) => (value === null ? "–" : whole.format(value));
const money = (value) => (value < 0 ? "−" : "") + cents.format(Math.abs(value));
const signed = (value) => (value > 0 ? "+" : "") + money(value);
const sign = (value) => (value > 0 ? "up" : value < 0 ? "down" : "");
const day = (iso) => iso.slice(0, 10);
const time = (iso) => iso.slice(11, 19);
const moment = (iso) => (latest && day(iso) === day(latest.now) ? time(iso) : `${iso.slice(5, 10)} ${iso.slice(11, 16)}`);
const words = (text) => text.toLowerCase().replaceAll("_", " ");

// -------------------------------------------------------------------------------------------------------- tables

const text = (value, style = "") => ({ text: value, style });
const number = (value, style = "") => ({ text: value, style: `num ${style}` });

/** A table that is changed in place: rows and cells are kept, and only texts that differ are written. */
class Table {
  constructor(id, caption, empty, columns) {
    this.columns = columns;
    this.body = element("tbody");
    const heads = columns.map(([name, style]) => element("th", { scope: "col", class: style }, name));
    const head = element("thead", {}, element("tr", {}, ...heads));
    const table = element("table", {}, element("caption", { class: "hidden" }, caption), head, this.body);
    this.scroller = element("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": caption }, table);
    this.empty = element("p", { class: "empty" }, empty);
    find(id).append(this.scroller, this.empty);
    this.show([]);
  }

  show(rows) {
    const most = rows.slice(0, MOST_ROWS);
    this.scroller.hidden = !rows.length;
    this.empty.hidden = rows.length > 0;
    while (this.body.rows.length > most.length) this.body.deleteRow(-1);
    while (this.body.rows.length < most.length) {
      this.body.append(element("tr", {}, ...this.columns.map(() => element("td"))));
    }
    most.forEach((cells, at) => cells.forEach((cell, column) => this.cell(this.body.rows[at].cells[column], cell, column)));
  }

  cell(node, { text, style, title = "" }, column) {
    write(node, text);
    if (node.title !== title) node.title = title;
    const wanted = `${style} ${this.columns[column][1] ?? ""}`.trim();
    if (node.className !== wanted) node.className = wanted;
  }
}

const tables = {
  positions: new Table("positions", "Open positions", "No open positions.", [
    ["Market"], ["Side"], ["Size", "num"], ["Profit", "num"], ["Opened at", "num"], ["Now", "num"],
    ["Stop", "num wide"], ["Profit at", "num wide"], ["Since (UTC)", "wide"], ["Deal id", "wide"],
  ]),
  orders: new Table("orders", "Working orders", "No working orders.", [
    ["Market"], ["Type"], ["Side"], ["Size", "num"], ["Level", "num"], ["Now", "num"],
    ["Good till (UTC)", "wide"], ["Deal id", "wide"],
  ]),
  prices: new Table("prices", "Live prices", "No prices yet.", [
    ["Market"], ["Bid", "num"], ["Offer", "num"], ["Day", "num"],
  ]),
  faults: new Table("faults", "Faults in force", "None: every call is answered as it should be.", [
    ["Fault"], ["Calls"], ["Details"], ["Struck", "num"],
  ]),
  requests: new Table("requests", "Newest requests", "No requests yet.", [
    ["Time (UTC)"], ["Status", "num"], ["Method"], ["Path"], ["Outcome", "long"],
  ]),
  streams: new Table("streams", "Streams", "Nobody is connected.", [
    ["Connection"], ["Subscriptions", "num"], ["Sent", "num"], ["Received", "num"],
  ]),
  activity: new Table("activity", "Newest activity", "Nothing has happened yet.", [
    ["Time (UTC)"], ["Market"], ["What", "long"],
  ]),
  transactions: new Table("transactions", "Newest transactions", "No transactions yet.", [
    ["Time (UTC)"], ["What"], ["Market"], ["Amount", "num"],
  ]),
};

// ---------------------------------------------------------------------------------------------------- the account

const chart = new Chart(find("equity"), (value) => cents.format(value), (point) => tellPoint(point));

function accounts(state) {
  return state.customers.flatMap((customer) => customer.accounts.map((account) => ({ ...account, customer })));
}

function choose(state) {
  const all = accounts(state);
  return all.find((account) => account.accountId === chosen)
    ?? all.find((account) => account.active) ?? all.find((account) => account.preferred);
}

/** The cards are made anew only when there are other accounts; else their texts change. */
function showAccounts(state, shown) {
  const place = find("accounts");
  const all = accounts(state);
  const known = [...place.querySelectorAll("input")].map((input) => input.value).join();
  if (known !== all.map((account) => account.accountId).join()) {
    place.querySelectorAll("label").forEach((label) => label.remove());
    place.append(...all.map((account) => accountCard(account)));
  }
  for (const account of all) {
    const input = place.querySelector(`input[value="${CSS.escape(account.accountId)}"]`);
    input.checked = account.accountId === shown.accountId;
    const card = input.closest("label");
    const tags = [account.active && "active", account.preferred && "preferred", account.hedging && "hedging"];
    const fields = {
      owner: state.customers.length > 1 ? account.customer.identifier : "",
      tags: tags.filter(Boolean).join(", "),
      balance: `${account.symbol}${money(account.balance)}`,
      profit: signed(account.profit),
      deposit: money(account.deposit),
      margin: money(account.margin),
      available: money(account.available),
    };
    for (const [name, value] of Object.entries(fields)) write(card.querySelector(`[data-field=${name}]`), value);
    card.querySelector("[data-field=profit]").className = sign(account.profit);
  }
}

function accountCard(account) {
  const field = (name) => element("span", { "data-field": name });
  const fact = (title, name) => element("span", { class: "fact" }, element("span", { class: "unit" }, title), field(name));
  const input = element("input", { type: "radio", name: "account", value: account.accountId });
  input.addEventListener("change", () => {
    chosen = account.accountId;
    show(latest);
  });
  return element(
    "label", { class: "account" }, input,
    element("span", { class: "name" }, element("strong", {}, account.currency), " ", element("span", { class: "unit" }, account.accountId)),
    element("span", { class: "unit tags", "data-field": "tags" }),
    element("span", { class: "unit owner", "data-field": "owner" }),
    element("span", { class: "balance", "data-field": "balance" }),
    element("span", { class: "row" }, fact("Profit", "profit"), fact("Deposit", "deposit"), fact("Margin", "margin"), fact("Available", "available")),
  );
}

function tellPoint(point) {
  const note = find("equity-note");
  if (!latest) return;
  const account = choose(latest);
  if (point) {
    const at = new Date(point.time).toISOString();
    write(note, `${account.symbol}${money(point.balance)} on ${day(at)} at ${time(at)}`);
    note.className = "note";
    return;
  }
  const change = account.balance - account.equity[0].balance;
  write(note, `${signed(change)} ${account.currency} since ${day(account.equity[0].time)} ${time(account.equity[0].time)}`);
  note.className = `note ${sign(Math.round(change * 100))}`;
}

/** The end of an id, where ids differ; all of it under the pointer. */
const identifier = (id) => ({ text: `…${id.slice(-8)}`, style: "id", title: id });
const side = (direction) => text(words(direction), direction === "BUY" ? "up" : "down");

function showDeals(account) {
  write(find("positions-count"), account.positions.length ? String(account.positions.length) : "");
  write(find("orders-count"), account.orders.length ? String(account.orders.length) : "");
  tables.positions.show(account.positions.map((deal) => [
    text(deal.epic, "epic"), side(deal.direction), number(price(deal.size)),
    number(signed(deal.profit), sign(deal.profit)), number(price(deal.level)),
    number(price(deal.direction === "BUY" ? deal.bid : deal.offer)),
    number(deal.stopLevel === null ? "–" : price(deal.stopLevel) + (deal.trailing ? " trailing" : "") + (deal.guaranteed ? " guaranteed" : "")),
    number(price(deal.profitLevel)), text(moment(deal.created)), identifier(deal.dealId),
  ]));
  tables.orders.show(account.orders.map((deal) => [
    text(deal.epic, "epic"), text(words(deal.kind)), side(deal.direction), number(price(deal.size)),
    number(price(deal.level)), number(price(deal.direction === "BUY" ? deal.offer : deal.bid)),
    text(deal.goodTill === null ? "no end" : moment(deal.goodTill)), identifier(deal.dealId),
  ]));
  tables.activity.show(account.activity.map((row) => [
    text(moment(row.time)), text(row.epic, "epic"),
    text([
      `${words(row.type)} ${words(row.status)}`,
      row.type !== "SWAP" && `, ${words(row.direction)} ${price(row.size)}`, row.level !== 0 && ` at ${price(row.level)}`,
      row.source !== "USER" && ` (${row.source})`,
    ].filter(Boolean).join("")),
  ]));
  tables.transactions.show(account.transactions.map((row) => [
    text(moment(row.time)), text(row.note), text(row.epic ?? "", "epic"), number(signed(row.amount), sign(row.amount)),
  ]));
}

// ------------------------------------------------------------------------------------------------- everything else

const moved = new Map(); // the last bid of each market, and which way it went

function direction(market) {
  const before = moved.get(market.epic);
  const way = before === undefined ? "" : sign(market.bid - before.bid) || before.way;
  moved.set(market.epic, { bid: market.bid, way });
  return way;
}

function showMarkets(markets) {
  tables.prices.show(markets.map((market) => [
    text(market.epic, market.open ? "epic" : "epic faint"),
    number(price(market.bid), market.open ? direction(market) : "faint"),
    number(price(market.offer), market.open ? "" : "faint"),
    market.open && market.percentage !== null
      ? number(`${signed(market.percentage)} %`, sign(market.percentage))
      : number(market.open ? "" : "closed", "faint"),
  ]));
}

function showRequests(state) {
  write(find("requests-count"), state.requestsRemembered ? whole.format(state.requestsRemembered) : "");
  tables.requests.show(state.requests.map((request) => {
    const good = request.executed && request.outcome === "answered";
    const outcome = [
      request.outcome === "answered" ? request.errorCode ?? "" : request.outcome,
      request.fault && `fault: ${request.fault}`,
      request.fault && !good && (request.executed ? "executed" : "not executed"),
    ];
    return [
      text(moment(request.at)),
      number(request.status === null ? "–" : String(request.status), request.status !== null && request.status < 400 ? "" : "down"),
      text(request.method, "word"), { ...text(request.path, "path"), title: request.path },
      text(outcome.filter(Boolean).join(", "), good ? "" : "down"),
    ];
  }));
}

const LONGEST = 100;

/** Words of somebody else, which wrap; the rest of very many under the pointer. */
const prose = (value) => ({ text: value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value, style: "prose-cell", title: value });

const USUAL = { every: 1, after: 0, probability: 1 }; // what a rule has that nobody said anything about

/** What a rule was asked for, but for what goes without saying: "kind html, every 60s". */
function details(fault) {
  const said = Object.entries(fault.details).filter(([name, value]) =>
    value !== null && value !== false && value !== "" && value !== USUAL[name]);
  const told = ([name, value]) => {
    if (name === "since" || name === "until") return `${name} ${value.slice(0, 19).replace("T", " ")}`;
    return value === true ? name : `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`;
  };
  return said.map(told).join(", ");
}

function showFaults(faults) {
  write(find("faults-count"), faults.length ? String(faults.length) : "");
  tables.faults.show(faults.map((fault) => {
    const about = [fault.method, fault.path].filter(Boolean).join(" ") || "all";
    const said = details(fault);
    return [
      text(words(fault.name), "name-cell"), prose(about), prose(said),
      number(fault.hits + (fault.times === null ? "" : ` of ${fault.times}`), fault.hits ? "down" : ""),
    ];
  }));
}

function showStreams(streams) {
  write(find("streams-count"), streams.length ? String(streams.length) : "");
  tables.streams.show(streams.map((stream) => [
    text(String(stream.number)), number(whole.format(stream.subscriptions)),
    number(whole.format(stream.sent)), number(whole.format(stream.received)),
  ]));
}

function showSettings(settings) {
  const duration = (seconds) => (seconds === null ? "none" : `${whole.format(seconds)} s`);
  const limits = Object.entries(settings.limits).filter(([, value]) => value !== null);
  const spoken = (name) => name.replace(/[A-Z]|\d+/g, (part) => ` ${part.toLowerCase()}`);
  const facts = {
    Seed: String(settings.seed),
    Markets: whole.format(settings.markets),
    "Confirms after": duration(settings.confirmDelay),
    "Sessions end after": settings.sessionCap === null ? "ten idle minutes" : duration(settings.sessionCap),
    "Local time": `UTC ${settings.timezoneOffset < 0 ? "−" : "+"} ${Math.abs(settings.timezoneOffset)} h`,
    Limits: limits.map(([name, value]) => `${whole.format(value)} ${spoken(name)}`).join(", ") || "off",
  };
  const place = find("settings");
  if (place.childElementCount === 0) {
    place.append(...Object.keys(facts).map((name) => element("div", {}, element("dt", {}, name), element("dd"))));
  }
  Object.values(facts).forEach((value, at) => write(place.children[at].lastElementChild, value));
}

function showConnection(customer) {
  const key = customer.usual ? USUAL_KEY : "your-api-key";
  write(find("base-url"), location.origin);
  write(find("api-key"), customer.usual ? USUAL_KEY : "the one it was started with");
  write(find("identifier"), customer.identifier);
  write(find("example"), [
    "from capital_ext import Capital, Credentials",
    "",
    `credentials = Credentials("${key}", "${customer.identifier}", password)`,
    `with Capital(credentials, base_url="${location.origin}") as capital:`,
    "    print(capital.accounts.all())",
  ].join("\n"));
}

function showClock(state) {
  const { speed } = state.settings;
  const clock = find("clock");
  write(clock, `${day(state.now)} ${time(state.now)}`);
  clock.dateTime = state.now;
  write(find("clock-note"), speed === null || speed === 1 ? "UTC" : speed === 0 ? "UTC, standing still" : `UTC, × ${whole.format(speed)}`);
}

function show(state) {
  const account = choose(state);
  showClock(state);
  showAccounts(state, account);
  showDeals(account);
  showMarkets(state.markets);
  showRequests(state);
  showFaults(state.faults);
  showStreams(state.streams);
  showSettings(state.settings);
  showConnection(state.customers[0]);
  chart.show(account.equity.map((point) => ({ time: Date.parse(point.time), balance: point.balance })));
  if (chart.pointer === undefined) tellPoint(null);
}

// ----------------------------------------------------------------------------------------------------- looking

function tellStatus(status, words, problem = "") {
  const pill = find("status");
  pill.dataset.status = status;
  write(pill, words);
  document.body.classList.toggle("stale", status === "gone");
  const notice = find("notice");
  notice.hidden = !problem;
  write(notice, problem);
}

async function look() {
  try {
    const answer = await fetch("/_sandbox/state", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const state = await answer.json();
    if (!answer.ok) {
      tellStatus("gone", "No access", `The sandbox shows nothing here: ${state.error}.`);
      return;
    }
    latest = state;
    show(state);
    tellStatus("live", "Live");
  } catch (problem) {
    if (!(problem instanceof TypeError || problem instanceof DOMException || problem instanceof SyntaxError)) throw problem;
    const since = latest ? ` What you see is from ${day(latest.now)} ${time(latest.now)} UTC.` : "";
    tellStatus("gone", "No answer", `The sandbox does not answer; it may have been stopped.${since} Trying again.`);
  }
}

let waiting = null;

async function round() {
  clearTimeout(waiting);
  waiting = null;
  if (document.hidden) {
    tellStatus("paused", "Paused");
    return;
  }
  await look();
  clearTimeout(waiting);
  waiting = setTimeout(round, EVERY);
}

document.addEventListener("visibilitychange", round);
round();
