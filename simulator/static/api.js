// The control API of the simulator; errors carry what it says is wrong.

async function call(method, path, body, headers = {}) {
  const options = { method, headers };
  if (body instanceof Blob) options.body = body;
  else if (body !== undefined) options.body = JSON.stringify(body);
  const response = await fetch(`/control${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `answered ${response.status}`);
  return answer;
}

const one = (number) => `/people/${encodeURIComponent(number)}`;

export const people = async () => (await call("GET", "/people")).people;
export const describe = (number, what) => call("PATCH", one(number), what);
export const act = (number, what) => call("POST", `${one(number)}/messages`, what);
export const transcript = (number) => call("GET", `${one(number)}/transcript`);
export const state = () => call("GET", "/state");
export const log = (after) => call("GET", `/log?after=${after}`);
export const faults = () => call("GET", "/faults");
export const switchOn = (fault) => call("POST", "/faults", fault);
export const switchOff = (name) => call("DELETE", `/faults/${name}`);
export const settings = () => call("GET", "/settings");
export const turn = (dials) => call("PATCH", "/settings", dials);
export const reset = () => call("POST", "/reset");

export async function upload(blob) {
  const type = blob.type || "application/octet-stream";
  return (await call("POST", "/media", blob, { "Content-Type": type })).media;
}
