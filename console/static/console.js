// The console's page: signs in, keeps the overview live, finds messages, redrives what died.

const $ = (id) => document.getElementById(id);
const VIEWS = ["overview", "messages", "deadletters"];
const GOOD = new Set(["HANDLED", "SKIPPED", "SENT", "DELIVERED", "READ", "PLAYED", "CLOSED"]);
const BAD = new Set(["BURIED", "FAILED", "DEAD", "EXPIRED", "OPEN_BREAKER"]);
let stream = null;
let lastDead = 0;

function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: { "content-type": "application/json", "x-hark-console": "1" } });
  const body = await answer.json();
  if (answer.status === 401 && path !== "/api/session") signedOut();
  if (!answer.ok) throw new Error(`${body.reason}: ${body.message}`);
  return body;
}

// --- signing in and out ---

function signedOut() {
  stream?.close();
  stream = null;
  for (const id of ["tabs", "link", "sign-out", ...VIEWS]) $(id).hidden = true;
  $("sign-in").hidden = false;
  $("token").focus();
}

function signedIn() {
  $("sign-in").hidden = true;
  for (const id of ["tabs", "link", "sign-out"]) $(id).hidden = false;
  listen();
  show();
}

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = $("sign-in-problem");
  problem.hidden = true;
  try {
    await ask("/api/session", { method: "POST", body: JSON.stringify({ token: $("token").value.trim() }) });
    $("token").value = "";
    signedIn();
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
});

$("sign-out").addEventListener("click", async () => {
  await ask("/api/session", { method: "DELETE" });
  signedOut();
});

// --- the live overview ---

function listen() {
  stream?.close();
  stream = new EventSource("/api/stream");
  stream.addEventListener("overview", (event) => {
    link("live", "live");
    overview(JSON.parse(event.data));
  });
  stream.addEventListener("problem", (event) => link("down", JSON.parse(event.data).reason));
  stream.addEventListener("error", () => link("down", "not connected"));
}

function link(state, words) {
  $("link").dataset.state = state;
  $("link").textContent = words;
}

function overview(seen) {
  const lost = seen.notification_states;
  const dead = seen.inbox.buried + (lost.DEAD ?? 0) + (lost.FAILED ?? 0);
  // Who looks at the list sees it grow.
  if (dead > lastDead && !$("deadletters").hidden) deadletters();
  lastDead = dead;
  $("dead-count").hidden = !dead;
  $("dead-count").textContent = dead;
  const breaker = seen.breaker.state;
  const lately = seen.per_minute.slice(-5).reduce((sum, count) => sum + count, 0) / 5;
  $("overview").replaceChildren(
    h("div", { class: "tiles" },
      tile("Messages a minute", number(lately), "over five minutes"),
      tile("Success rate", seen.success === null ? "–" : `${number(100 * seen.success)} %`, `${seen.messages} messages in the last hour${seen.is_whole ? "" : ", the newest of them"}`, seen.success !== null && seen.success < 0.99 ? "bad" : ""),
      tile("Reply time, half", duration(seen.reply_p50), `of ${seen.replies} replies`),
      tile("Reply time, 99 %", duration(seen.reply_p99), "webhook to WhatsApp", seen.reply_p99 > 0.8 ? "warn" : ""),
      tile("Waiting", number(seen.inbox.ready), seen.inbox.ready ? `the oldest for ${duration(seen.inbox.oldest_seconds)}` : "nothing is due", seen.inbox.oldest_seconds > 60 ? "bad" : ""),
      tile("Breaker", breaker.toLowerCase().replace("_", "-"), breaker === "CLOSED" ? "messages go out" : seen.breaker.reason, breaker === "CLOSED" ? "" : "bad"),
    ),
    h("div", { class: "card" }, h("h2", {}, "Messages a minute, last hour"), chart(seen.per_minute)),
    h("div", { class: "halves" },
      h("div", { class: "card" }, h("h2", {}, "Caps"), ...seen.caps.map(cap), ...held(seen.held)),
      h("div", { class: "card" }, h("h2", {}, "Newest notifications, by state"), states(seen.notification_states)),
    ),
  );
}

function tile(title, value, small, level = "") {
  return h("div", { class: "card tile", "data-level": level || null }, h("h2", {}, title), h("strong", {}, value), h("small", {}, small));
}

function chart(counts) {
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bars = counts.map((count, index) => {
    const bar = h("i", { title: `${count} messages ${counts.length - 1 - index} min ago`, "data-empty": !count });
    bar.style.height = `${Math.max(2, (100 * count) / most)}%`;
    return bar;
  });
  return h("div", {},
    h("div", { class: "bars", role: "img", "aria-label": `${total} messages in the last hour, at most ${most} a minute` }, bars),
    h("div", { class: "axis", "aria-hidden": "true" }, h("span", {}, "60 min ago"), h("span", {}, `at most ${most}`), h("span", {}, "now")),
  );
}

function cap({ name, limit, used }) {
  const share = limit ? used / limit : 0;
  const fill = h("i", { "data-level": share > 0.9 ? "bad" : share > 0.7 ? "warn" : null });
  fill.style.width = `${Math.min(100, 100 * share)}%`;
  return h("div", { class: "meter" },
    h("span", {}, name.toLowerCase().replaceAll("_", " ")),
    h("span", {}, limit ? `${number(used)} of ${number(limit)}` : `${number(used)}, no limit`),
    h("div", { class: "track" }, fill),
  );
}

function held(counts) {
  return Object.entries(counts).map(([reason, count]) => h("p", {}, badge("HELD"), ` ${count} wait: ${reason}`));
}

function states(counts) {
  const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  if (!rows.length) return h("p", { class: "empty" }, "None yet.");
  return h("table", {}, h("tbody", {}, rows.map(([state, count]) => h("tr", {}, h("td", {}, badge(state)), h("td", {}, number(count))))));
}

// --- finding a message ---

$("search").addEventListener("submit", (event) => {
  event.preventDefault();
  find($("query").value);
});

async function find(query) {
  $("trace").replaceChildren();
  try {
    const rows = await ask(`/api/search?q=${encodeURIComponent(query)}`);
    $("found").replaceChildren(rows.length ? results(rows) : h("p", { class: "empty" }, "Nothing has this name. Retention may have removed it."));
    if (query && rows.length && rows[0].message_id) await trace(rows[0].message_id);
  } catch (error) {
    $("found").replaceChildren(h("p", { class: "problem", role: "alert" }, error.message));
  }
}

function results(rows) {
  return h("div", { class: "card table" }, h("table", {},
    h("thead", {}, h("tr", {}, ...["Time", "What", "Kind", "State", "Id"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {},
      h("td", {}, clock(row.time)),
      h("td", {}, row.what),
      h("td", {}, row.kind),
      h("td", {}, badge(row.state), row.reason && ` ${row.reason}`),
      h("td", {}, row.message_id
        ? h("button", { type: "button", class: "link-like", onclick: () => trace(row.message_id) }, h("code", {}, row.id))
        : h("code", {}, row.id)),
    ))),
  ));
}

async function trace(message) {
  const seen = await ask(`/api/trace?message=${encodeURIComponent(message)}`);
  $("trace").replaceChildren(h("div", { class: "card" },
    h("div", { class: "head" }, h("h2", {}, "Its way"), h("code", {}, seen.message_id)),
    h("ol", { class: "steps" }, seen.steps.map((step) => h("li", {},
      h("time", { datetime: step.time }, clock(step.time, true)),
      h("b", {}, step.service),
      h("span", { "data-mood": step.mood }, step.what),
    ))),
    ...seen.silent.map((line) => h("p", { class: "problem" }, line)),
    h("p", { class: "verdict", "data-mood": seen.mood }, seen.verdict),
  ));
  $("trace").scrollIntoView({ block: "nearest" });
}

// --- dead letters ---

async function deadletters(said = "") {
  const view = $("deadletters");
  try {
    const rows = await ask("/api/deadletters");
    view.replaceChildren(
      said && h("p", { role: "status", class: "card" }, said),
      rows.length ? deadTable(rows) : h("p", { class: "empty" }, "Nothing was given up."),
    );
  } catch (error) {
    view.replaceChildren(h("p", { class: "problem", role: "alert" }, error.message));
  }
}

function deadTable(rows) {
  return h("div", { class: "card table" }, h("table", {},
    h("thead", {}, h("tr", {}, ...["Time", "What", "Kind", "Reason", "Id", ""].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {},
      h("td", {}, clock(row.time)),
      h("td", {}, row.what),
      h("td", {}, row.kind),
      h("td", {}, h("span", { class: "badge", "data-level": "bad" }, row.reason || "–")),
      h("td", {}, row.message_id
        ? h("button", { type: "button", class: "link-like", onclick: () => { location.hash = "messages"; $("query").value = row.message_id; find(row.message_id); } }, h("code", {}, row.id))
        : h("code", {}, row.id)),
      h("td", {}, h("button", { type: "button", class: "primary", onclick: (event) => redrive(row, event.currentTarget) }, "Try again")),
    ))),
  ));
}

async function redrive(row, button) {
  button.disabled = true;
  const body = row.what === "part" ? { parts: [Number(row.id)] } : { notification: row.id };
  try {
    const done = await ask("/api/deadletters/redrive", { method: "POST", body: JSON.stringify(body) });
    await deadletters(row.what === "part" ? `${done.redriven} opened again.` : `It is ${done.state.replace("STATE_", "").toLowerCase()} again.`);
  } catch (error) {
    await deadletters(error.message);
  }
}

// --- what is shared ---

function badge(state) {
  const level = GOOD.has(state) ? "good" : BAD.has(state) ? "bad" : state === "HELD" || state === "UNKNOWN" ? "warn" : null;
  return h("span", { class: "badge", "data-level": level }, state.toLowerCase().replaceAll("_", " "));
}

function number(value) {
  return new Intl.NumberFormat("en", { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  return seconds < 120 ? `${number(seconds)} s` : `${number(seconds / 60)} min`;
}

function clock(iso, precise = false) {
  const moment = new Date(iso);
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const time = moment.toLocaleTimeString("en-GB", precise ? { ...parts, fractionalSecondDigits: 3 } : parts);
  return moment.toDateString() === new Date().toDateString() ? time : `${moment.toLocaleDateString("en-GB")} ${time}`;
}

function show() {
  const wanted = VIEWS.includes(location.hash.slice(1)) ? location.hash.slice(1) : "overview";
  for (const id of VIEWS) $(id).hidden = id !== wanted;
  for (const item of $("tabs").querySelectorAll("a")) {
    if (item.hash === `#${wanted}`) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
  if (wanted === "messages") find($("query").value);
  if (wanted === "deadletters") deadletters();
}

addEventListener("hashchange", () => { if ($("sign-in").hidden) show(); });
fetch("/api/overview").then((answer) => (answer.ok || answer.status === 502 ? signedIn() : signedOut()));
