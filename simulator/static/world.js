// People, faults and dials.
import * as api from "./api.js";
import { h } from "./dom.js";
import { hue, initials, pretty } from "./format.js";

const GROUPS = [
  ["Webhooks to Hark", (name) => name.startsWith("webhook_")],
  ["Meta’s answers", (name) => ["timeout", "slow_a", "http_", "pair_", "answer", "status_over", "refused"].some((start) => name.startsWith(start))],
  ["What becomes of a message", (name) => /^(status_(lost|doubled)|read_|failed_)/.test(name)],
  ["Files", (name) => name.startsWith("media_")],
  ["Model", (name) => name.startsWith("model_")],
];

export class World {
  constructor(element, { toggle, isOpen, failed }) {
    this.toggle = toggle;
    this.isOpen = isOpen;
    this.failed = failed;
    this.on = new Map();
    this.people = h("ul", { class: "people" });
    this.faults = h("div", { class: "faults" });
    this.speed = h("select", { id: "speed", onchange: () => this.turn(this.speed.value) }, h("option", { value: "human" }, "like people"), h("option", { value: "instant" }, "at once"));
    element.append(
      h("section", {}, h("h2", {}, "People"), this.people, this.newcomer()),
      h("section", {}, h("h2", {}, "What goes wrong"), h("p", {}, "Switch a fault on and see what Hark makes of it."), this.often(), this.faults),
      h("section", {}, h("h2", {}, "Pace"), h("label", { for: "speed" }, "Ticks come ", this.speed), h("button", { type: "button", class: "wide", onclick: () => this.startOver() }, "Start over")),
    );
  }

  newcomer() {
    const number = h("input", { name: "number", placeholder: "+15550100003", pattern: "\\+?[1-9][0-9]{6,14}", required: true, inputmode: "tel", "aria-label": "Phone number", autocomplete: "off" });
    const name = h("input", { name: "name", placeholder: "Name", "aria-label": "Name", autocomplete: "off", maxlength: 100 });
    return h("form", { class: "newcomer", onsubmit: (event) => { event.preventDefault(); this.add(number, name); } }, number, name, h("button", { type: "submit" }, "Add"));
  }

  async add(number, name) {
    const full = number.value.startsWith("+") ? number.value : `+${number.value}`;
    await this.failed(api.describe(full, { ...(name.value ? { name: name.value } : {}), time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone }));
    number.value = name.value = "";
    this.toggle(full, true);
  }

  often() {
    this.chance = h("select", { id: "often" }, h("option", { value: "once" }, "once"), h("option", { value: "1" }, "always"), h("option", { value: "0.5" }, "half the time"), h("option", { value: "0.1" }, "1 in 10"));
    return h("label", { class: "often", for: "often" }, "Next one strikes ", this.chance);
  }

  showPeople(people) {
    this.people.replaceChildren(
      ...people.map((person) => {
        const avatar = h("span", { class: "avatar" }, initials(person.name));
        avatar.style.setProperty("--hue", hue(person.number));
        return h("li", {}, h("button", { type: "button", "aria-pressed": String(this.isOpen(person.number)), onclick: () => this.toggle(person.number) }, avatar, h("span", {}, person.name, h("small", {}, pretty(person.number)))));
      }),
    );
  }

  showFaults({ available, on }) {
    this.on = new Map(on.map((fault) => [fault.name, fault]));
    this.faults.replaceChildren(
      ...GROUPS.map(([label, fits], at) =>
        h("details", { open: at === 0 }, h("summary", {}, label), Object.entries(available).filter(([name]) => fits(name)).map(([name, kind]) => this.switch(name, kind))),
      ),
    );
    this.mark();
  }

  switch(name, kind) {
    const box = h("input", { type: "checkbox", role: "switch", "data-fault": name, onchange: () => this.flip(name, box.checked) });
    return h("label", { class: "switch" }, box, h("span", {}, name.replaceAll("_", " "), h("small", {}, kind.says)));
  }

  async flip(name, on) {
    const often = this.chance.value;
    const how = often === "once" ? { limit: 1 } : { probability: Number(often) };
    await this.failed(on ? api.switchOn({ name, ...how }) : api.switchOff(name));
  }

  faultsChanged(on) {
    this.on = new Map(on.map((fault) => [fault.name, fault]));
    this.mark();
  }

  mark() {
    for (const box of this.faults.querySelectorAll("[data-fault]")) box.checked = this.on.has(box.dataset.fault);
    const count = document.getElementById("faults-on");
    count.hidden = !this.on.size;
    count.textContent = this.on.size;
  }

  showSettings(dials) {
    this.speed.value = dials.sent_ms === 0 && dials.read_ms === 0 ? "instant" : "human";
  }

  turn(speed) {
    return this.failed(api.turn(speed === "instant" ? { status: "instant" } : { sent_ms: 80, delivered_ms: 250, read_ms: 900 }));
  }

  startOver() {
    return this.failed(api.reset());
  }
}

