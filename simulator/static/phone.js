// One person's phone: the chat with Hark, and everything that can be done in it.
import * as api from "./api.js";
import { bubble } from "./bubble.js";
import { h, icon, iconButton } from "./dom.js";
import { clock, dayKey, dayName, hue, initials, pretty, summary } from "./format.js";
import { canRecord, record } from "./recorder.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "🙏", "✅"];
const KINDS = { image: "image", video: "video", audio: "audio" };

// What can be seen of a message; the state of what Hark sent is not.
function looks(message) {
  const { changed, state, ...rest } = message;
  return JSON.stringify(message.author === "person" || state === "failed" ? { ...rest, state } : rest);
}

export class Phone {
  constructor(person, { now, close, change, highlight }) {
    this.person = person;
    this.now = now;
    this.messages = new Map();
    this.highlight = highlight;
    this.mode = null;
    this.build(close, change);
    this.describe(person);
  }

  get zone() {
    return this.person.time_zone;
  }

  build(close, change) {
    this.time = h("span", { class: "device-time" });
    this.owner = h("h2", { class: "owner" });
    this.as = h("button", { type: "button", class: "as", "aria-label": "Change who is speaking", onclick: change });
    this.presence = h("p", { class: "presence", "aria-live": "polite" }, "online");
    this.list = h("ol", { class: "messages", role: "log", "aria-label": "Chat with Hark", "aria-live": "polite", tabindex: "0" });
    this.typing = h("div", { class: "typing", hidden: true, "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    this.problem = h("p", { class: "problem", role: "alert", hidden: true });
    this.menu = h("div", { class: "menu", popover: "auto", role: "menu" });
    this.chooser = h("dialog", { class: "chooser" });
    this.element = h(
      "article",
      { class: "phone" },
      h("header", { class: "caption" }, this.owner, iconButton("close", "Put this phone away", close, { class: "round small" })),
      h(
        "div",
        { class: "device" },
        h("div", { class: "status-bar" }, this.time, h("span", { class: "notch", "aria-hidden": "true" })),
        h("div", { class: "contact" }, h("img", { src: "/static/icon.svg", alt: "", width: 36, height: 36 }), h("div", {}, h("h3", {}, "Hark"), this.presence), this.as),
        h("div", { class: "scroll" }, this.list, this.typing),
        this.problem,
        this.composer(),
        this.menu,
        this.chooser,
      ),
    );
    this.scroller = this.element.querySelector(".scroll");
  }

  composer() {
    this.banner = h("div", { class: "banner", hidden: true });
    this.field = h("textarea", { rows: 1, placeholder: "Message", "aria-label": "Write a message to Hark", maxlength: 4096, enterkeyhint: "send" });
    this.files = h("input", { type: "file", class: "hidden", tabindex: "-1", "aria-hidden": "true", onchange: () => this.sendFiles() });
    this.primary = iconButton("mic", "Record a voice note", () => this.press(), { class: "round primary" });
    this.field.addEventListener("input", () => this.adjust());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.attach = iconButton("plus", "Send a photo, a place and more", () => this.openAttachments(), { "aria-haspopup": "menu" });
    return h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.press(); } }, this.banner, h("div", { class: "row" }, this.attach, this.field, this.files, this.primary));
  }

  describe(person) {
    this.person = person;
    this.owner.replaceChildren(
      h("span", { class: "avatar" }, initials(person.name)),
      h("span", {}, `${person.name}’s phone`, h("small", {}, `${person.hides_number ? `@${person.username}` : pretty(person.number)} · ${person.time_zone}`)),
    );
    this.as.replaceChildren(`as ${person.name}`, h("span", { class: "avatar" }, initials(person.name)));
    for (const avatar of [this.owner.querySelector(".avatar"), this.as.querySelector(".avatar")]) avatar.style.setProperty("--hue", hue(person.number));
    this.element.setAttribute("aria-label", `${person.name}’s phone`);
    this.tick();
    this.redraw();
  }

  tick() {
    this.time.textContent = clock(this.now(), this.zone);
  }

  async load() {
    const shown = await api.transcript(this.person.number);
    this.messages = new Map(shown.messages.map((message) => [message.wamid, message]));
    this.redraw();
    this.showTyping(shown.typing);
  }

  show(message) {
    const known = this.messages.get(message.wamid);
    this.messages.set(message.wamid, message);
    if (known && looks(known) === looks(message)) return;
    const near = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 120;
    if (known) this.replace(message);
    else this.append(message);
    if (message.author === "business") this.showTyping(false);
    if (near || (!known && message.author === "person")) this.toEnd();
  }

  replace(message) {
    const old = this.list.querySelector(`[data-wamid="${CSS.escape(message.wamid)}"]`);
    if (!old) return;
    // Whoever is on one of its buttons stays there.
    const place = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    const fresh = this.draw(message);
    fresh.classList.add("still");
    old.replaceWith(fresh);
    if (place >= 0) fresh.querySelectorAll("button, a")[place]?.focus();
  }

  redraw() {
    this.lastDay = null;
    this.list.replaceChildren();
    for (const message of this.messages.values()) this.append(message);
    if (!this.messages.size) this.list.append(h("li", { class: "hint" }, "Say something to Hark, for example:", this.suggestion("remind me to call Ada in 1 minute"), this.suggestion("what’s on today?")));
    this.toEnd();
  }

  suggestion(text) {
    return h("button", { type: "button", class: "suggestion", onclick: () => this.do({ type: "text", text: text.replace("’", "'") }) }, text);
  }

  append(message) {
    this.list.querySelector(".hint")?.remove();
    const time = new Date(message.time);
    const day = dayKey(time, this.zone);
    if (day !== this.lastDay) this.list.append(h("li", { class: "day" }, h("span", {}, dayName(time, this.now(), this.zone))));
    this.lastDay = day;
    this.list.append(this.draw(message));
  }

  draw(message) {
    const item = bubble(message, {
      zone: this.zone,
      quoted: this.messages.get(message.reply_to),
      tap: (choice) => this.do({ type: "tap", message: message.wamid, choice }),
      openList: (action) => this.openList(message, action),
      openMenu: (target, button) => this.openMenu(target, button),
      jump: (wamid) => this.jump(wamid),
    });
    item.addEventListener("pointerenter", () => this.highlight(message.wamid));
    item.addEventListener("pointerleave", () => this.highlight(null));
    for (const image of item.querySelectorAll("img")) image.addEventListener("load", () => this.toEnd());
    return item;
  }

  showTyping(is) {
    this.typing.hidden = !is;
    this.presence.textContent = is ? "typing…" : "online";
    this.presence.classList.toggle("busy", is);
    if (is) this.toEnd();
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  jump(wamid) {
    const item = this.list.querySelector(`[data-wamid="${CSS.escape(wamid)}"]`);
    item?.scrollIntoView({ block: "center" });
    item?.focus();
  }

  adjust() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 120)}px`;
    const writes = this.field.value.trim() || this.mode?.kind === "edit" || !canRecord();
    this.setPrimary(writes ? "send" : "mic", writes ? "Send" : "Record a voice note");
  }

  setPrimary(shape, label) {
    this.primary.replaceChildren(icon(shape));
    this.primary.setAttribute("aria-label", label);
    this.primary.title = label;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.press();
    } else if (event.key === "Escape") this.leaveMode();
  }

  async press() {
    if (this.recording) return this.finishRecording(true);
    const text = this.field.value.trim();
    if (!text) return canRecord() ? this.startRecording() : undefined;
    const mode = this.mode;
    this.field.value = "";
    this.leaveMode();
    if (mode?.kind === "edit") return this.do({ type: "edit", message: mode.message.wamid, text });
    return this.do({ type: "text", text, reply_to: mode?.message.wamid });
  }

  async do(what) {
    this.problem.hidden = true;
    try {
      const answer = await api.act(this.person.number, what);
      if (answer.webhook_status !== 200) this.complain(this.reason(answer));
    } catch (error) {
      this.complain(error.message);
    }
  }

  reason({ webhook_status: status, webhook_error: why }) {
    if (status) return `Hark’s webhook answered ${status}; it will be tried again.`;
    return { ConnectError: "Hark does not listen right now; it will be tried again.", delayed: "The webhook comes later (switched on).", lost: "The webhook was lost (switched on)." }[why] ?? `The webhook: ${why}.`;
  }

  complain(text) {
    this.problem.textContent = text;
    this.problem.hidden = false;
    clearTimeout(this.calming);
    this.calming = setTimeout(() => { this.problem.hidden = true; }, 8000);
  }

  enterMode(kind, message) {
    this.mode = { kind, message };
    this.banner.replaceChildren(icon(kind), h("span", {}, h("b", {}, kind === "edit" ? "Edit message" : "Reply"), summary(message)), iconButton("close", "Never mind", () => this.leaveMode(), { class: "round small" }));
    this.banner.hidden = false;
    if (kind === "edit") this.field.value = message.text_shown;
    this.field.focus();
    this.adjust();
  }

  leaveMode() {
    this.mode = null;
    this.banner.hidden = true;
    this.adjust();
  }

  openMenu(message, button) {
    const act = (what) => () => { this.menu.hidePopover(); this.do({ message: message.wamid, ...what }); };
    const enter = (kind) => () => { this.menu.hidePopover(); this.enterMode(kind, message); };
    const own = message.author === "person";
    const put = message.reactions?.person;
    const item = (shape, label, onclick) => h("button", { type: "button", role: "menuitem", onclick }, icon(shape, 18), label);
    this.menu.replaceChildren(
      h("div", { class: "emoji" }, EMOJI.map((emoji) => h("button", { type: "button", role: "menuitem", "aria-label": `React with ${emoji}`, "aria-pressed": String(put === emoji), onclick: act({ type: "reaction", emoji: put === emoji ? "" : emoji }) }, emoji))),
      item("reply", "Reply", enter("reply")),
      own && ["text", "image"].includes(message.type) ? item("edit", "Edit", enter("edit")) : "",
      own ? item("trash", "Delete for everyone", act({ type: "revoke" })) : "",
      item("wire", "Show on the wire", () => { this.menu.hidePopover(); this.highlight(message.wamid, true); }),
    );
    this.openAt(button);
  }

  openAttachments() {
    const act = (what) => () => { this.menu.hidePopover(); this.do(what); };
    const pick = (accept) => () => { this.menu.hidePopover(); this.files.accept = accept; this.files.click(); };
    const item = (shape, label, onclick) => h("button", { type: "button", role: "menuitem", onclick }, icon(shape, 18), label);
    this.menu.replaceChildren(
      item("image", "Photo or video", pick("image/*,video/*")),
      item("file", "File", pick("")),
      item("pin", "Place", act({ type: "location", latitude: 48.1372, longitude: 11.5756, name: "Marienplatz" })),
      item("card", "Contact", act({ type: "contacts", contacts: [{ name: { formatted_name: "Ada Lovelace", first_name: "Ada" }, phones: [{ phone: "+15550100042", wa_id: "15550100042", type: "CELL" }] }] })),
      item("poll", "Poll (which Hark cannot read)", act({ type: "unsupported", what: "poll" })),
    );
    this.openAt(this.attach);
  }

  openAt(button) {
    this.menu.showPopover();
    const at = button.getBoundingClientRect();
    const { width, height } = this.menu.getBoundingClientRect();
    const above = at.top > height + 8;
    this.menu.style.top = `${above ? at.top - height - 6 : at.bottom + 6}px`;
    this.menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    this.menu.querySelector("button").focus();
    this.menu.onkeydown = (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const buttons = [...this.menu.querySelectorAll("button")];
      buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
    };
  }

  openList(message, action) {
    const choose = (row) => () => { this.chooser.close(); this.do({ type: "tap", message: message.wamid, choice: row.id }); };
    this.chooser.replaceChildren(
      h("header", {}, h("h3", {}, action.button), iconButton("close", "Close", () => this.chooser.close(), { class: "round small" })),
      ...action.sections.flatMap((section) => [
        section.title && h("h4", {}, section.title),
        ...section.rows.map((row) => h("button", { type: "button", class: "choice", onclick: choose(row) }, h("b", {}, row.title), row.description && h("small", {}, row.description))),
      ].filter(Boolean)),
    );
    this.chooser.showModal();
  }

  async sendFiles() {
    const [picked] = this.files.files;
    this.files.value = "";
    if (!picked) return;
    try {
      const caption = this.field.value.trim() || undefined;
      const kind = KINDS[picked.type.split("/")[0]] ?? "document";
      const media = await api.upload(picked);
      this.field.value = "";
      this.adjust();
      await this.do({ type: kind, media, ...(kind !== "audio" && caption ? { caption } : {}), ...(kind === "document" ? { filename: picked.name } : {}) });
    } catch (error) {
      this.complain(error.message);
    }
  }

  async startRecording() {
    try {
      this.recording = await record();
    } catch {
      return this.complain("The microphone cannot be used; allow it in the browser, or send a file.");
    }
    this.field.disabled = true;
    this.setPrimary("send", "Send the voice note");
    const says = h("span", { role: "timer" }, "Recording 0:00");
    this.banner.replaceChildren(h("i", { class: "dot" }), says, iconButton("trash", "Throw the voice note away", () => this.finishRecording(false), { class: "round small" }));
    this.banner.hidden = false;
    this.timer = setInterval(() => {
      const seconds = this.recording.seconds();
      says.textContent = `Recording ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }, 500);
  }

  async finishRecording(send) {
    const { recording } = this;
    this.recording = null;
    clearInterval(this.timer);
    this.field.disabled = false;
    this.leaveMode();
    const blob = await recording.stop();
    if (send && blob.size) {
      try {
        await this.do({ type: "voice", media: await api.upload(blob) });
      } catch (error) {
        this.complain(error.message);
      }
    }
  }
}
