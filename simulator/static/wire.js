// What really happened: every webhook in and every call out, live.
import { h, icon } from "./dom.js";
import { precise, pretty } from "./format.js";

const KEPT = 400;
const FILTERS = { all: "All", webhook: "Webhooks in", api: "API calls out", gemini: "Model", fault: "Faults" };
const SHAPES = { webhook: "in", api: "out", gemini: "spark" };

// The type of a message, and the first of its words.
function named(type, message) {
  const content = message[type] ?? {};
  const words = content.body?.text ?? content.body ?? content.button_reply?.title ?? content.list_reply?.title ?? content.caption ?? content.emoji ?? content.name;
  return typeof words === "string" && words ? `${type} “${words.split("\n")[0].slice(0, 60)}”` : type;
}

function carried(entry) {
  const values = (entry.body?.entry ?? []).flatMap((one) => (one.changes ?? []).map((change) => change.value ?? {}));
  const messages = values.flatMap((value) => value.messages ?? []);
  const statuses = values.flatMap((value) => value.statuses ?? []);
  const names = [...messages.map((message) => named(message.type, message)), ...statuses.map((status) => `status ${status.status}`)];
  const person = messages[0]?.from ?? statuses[0]?.recipient_id;
  return { names: names.length ? names : ["event"], person, said: messages.length > 0 };
}

function title(entry, nameOf) {
  if (entry.kind === "webhook") {
    const { names, person, said } = carried(entry);
    const what = names.length > 3 ? `${names.length} parts` : names.join(", ");
    if (!person) return [what, "Meta → Hark"];
    return [what, said ? `${nameOf(person)} → Hark` : `Meta → Hark, about ${nameOf(person)}`];
  }
  if (entry.kind === "gemini") return [entry.path.split(":").pop(), "Hark → model"];
  if (entry.to) return [named(entry.type, entry.body ?? {}), `Hark → ${nameOf(entry.to)}`];
  return [entry.type ?? entry.path.split("/").slice(3).join("/"), "Hark → Meta"];
}

function badge(entry) {
  if (entry.status === null) return h("span", { class: "badge bad" }, entry.error ?? "no answer");
  return h("span", { class: `badge ${entry.status < 300 ? "good" : "bad"}` }, entry.status);
}

function block(label, content) {
  if (content === null || content === undefined || content === "") return null;
  const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
  return [h("h4", {}, label), h("pre", { tabindex: "0" }, text)];
}

function details(entry) {
  const signature = entry.signature ? `X-Hub-Signature-256: ${entry.signature}` : null;
  return [
    h("p", { class: "path" }, `${entry.method} ${entry.path}`),
    block("Signature", signature),
    block(entry.kind === "webhook" ? "Body that went in" : "Body that came out", entry.body),
    block("Answer", entry.answer),
  ];
}

export class Wire {
  constructor(element, nameOf) {
    this.nameOf = (number) => nameOf(`+${number}`) ?? pretty(`+${number}`);
    this.element = element;
    this.filter = "all";
    this.last = 0;
    this.list = h("ol", { class: "entries", "aria-label": "Webhooks and calls, newest last" });
    this.chips = h("div", { class: "chips", role: "group", "aria-label": "Show" }, Object.entries(FILTERS).map(([key, label]) => h("button", { type: "button", "aria-pressed": String(key === "all"), "data-key": key, onclick: () => this.choose(key) }, label)));
    element.append(h("header", {}, h("h2", {}, "What really happened"), h("p", {}, "Signed webhooks in, API calls out, as they are on the wire.")), this.chips, this.list);
  }

  choose(key) {
    this.filter = key;
    for (const chip of this.chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.key === key));
    for (const item of this.list.children) item.hidden = !this.fits(item);
  }

  fits(item) {
    if (this.filter === "all") return true;
    return this.filter === "fault" ? item.classList.contains("disturbed") : item.dataset.kind === this.filter;
  }

  clear() {
    this.last = 0;
    this.list.replaceChildren();
  }

  add(entry) {
    // What was loaded may come again over the live stream.
    if (entry.seq <= this.last) return;
    this.last = entry.seq;
    const near = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    const [what, way] = title(entry, this.nameOf);
    const body = h("div", { class: "inside" });
    const item = h(
      "li",
      { class: `entry ${entry.kind}${entry.fault ? " disturbed" : ""}`, "data-kind": entry.kind, "data-wamids": [entry.wamid, ...entry.wamids, entry.body?.message_id].filter(Boolean).join(" ") },
      h(
        "details",
        {},
        h(
          "summary",
          {},
          h("span", { class: "arrow" }, icon(SHAPES[entry.kind], 18)),
          h("span", { class: "line" }, h("b", {}, what), badge(entry)),
          h("span", { class: "line" }, h("small", {}, way), h("small", { class: "when" }, `${precise(new Date(entry.time))} · ${entry.duration_ms.toFixed(entry.duration_ms < 10 ? 1 : 0)} ms${entry.attempt > 1 ? ` · try ${entry.attempt}` : ""}`)),
          entry.fault && h("span", { class: "fault" }, entry.fault.replaceAll("_", " ")),
        ),
        body,
      ),
    );
    item.hidden = !this.fits(item);
    item.firstChild.addEventListener("toggle", () => { if (!body.firstChild) body.append(...details(entry).flat().filter(Boolean)); }, { once: true });
    this.list.append(item);
    while (this.list.children.length > KEPT) this.list.firstChild.remove();
    if (near) this.list.scrollTop = this.list.scrollHeight;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  highlight(wamid, scroll) {
    let last = null;
    for (const item of this.list.children) {
      const concerns = wamid !== null && item.dataset.wamids.split(" ").includes(wamid);
      item.classList.toggle("lit", concerns);
      if (concerns) last ??= item;
    }
    if (scroll && last) {
      this.choose("all");
      last.scrollIntoView({ block: "center" });
      last.querySelector("summary").focus();
    }
  }
}
