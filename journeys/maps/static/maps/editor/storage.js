// Pending operations, kept in this browser until the server has them: by version and window.
//
// A window that closes leaves its operations behind; the next one of the same version sends them.
// Operations have ids, so that sending one twice changes nothing.

const PREFIX = "jm-pending";

export class Keep {
  constructor({ version, client, member = "", store, locks = null }) {
    Object.assign(this, { version, client, member, store, locks });
  }

  get #key() {
    return `${PREFIX}:${this.member}:${this.version}:${this.client}`;
  }

  save(pending) {
    try {
      if (!pending.length) this.store.removeItem(this.#key);
      else this.store.setItem(this.#key, JSON.stringify(pending.map(({ id, op }) => ({ id, op }))));
      return true;
    } catch {
      return false; // full or refused: the operations stay in memory
    }
  }

  // Says "this window lives" for as long as it does.
  live() {
    this.locks?.request(`${PREFIX}:${this.client}`, () => new Promise(() => {})).catch?.(() => {});
  }

  // What windows left behind that are gone, oldest first, taken over by this one.
  async inherit() {
    const found = [];
    for (const key of this.#others()) {
      if (await this.#alive(key.split(":").at(-1))) continue;
      found.push(...this.#read(key));
      this.store.removeItem(key);
    }
    return found;
  }

  #others() {
    const start = `${PREFIX}:${this.member}:${this.version}:`;
    const keys = [];
    try {
      for (let place = 0; place < this.store.length; place += 1) {
        const key = this.store.key(place);
        if (key?.startsWith(start) && key !== this.#key) keys.push(key);
      }
    } catch {
      return [];
    }
    return keys.sort();
  }

  async #alive(client) {
    if (!this.locks) return false;
    const held = await this.locks.request(`${PREFIX}:${client}`, { ifAvailable: true }, (lock) => !lock);
    return Boolean(held);
  }

  #read(key) {
    try {
      const entries = JSON.parse(this.store.getItem(key));
      return Array.isArray(entries) ? entries.filter((entry) => entry?.id && entry.op) : [];
    } catch {
      return [];
    }
  }
}
