// Sends what is pending and asks what others did. One question at a time.
//
// Knows no document: the way to send, the clock and what to do with an answer are given to it.

const ALONE = 2000;
const TOGETHER = 1000;
const AGAIN = 10;

export class Sync {
  // send(body) → {status, body}; throws when there is no connection.
  constructor({ queue, send, version, since, client, take, state, refuse, timers = globalThis }) {
    Object.assign(this, { queue, send, version, since, client, take, tell: state, refuse, timers });
    this.place = "";
    this.company = false;
    this.paused = false;
    this.stopped = false;
    this.most = undefined;
    this.busy = null;
    this.timer = 0;
    this.state = "saved";
  }

  #say(state, detail = {}) {
    this.state = state;
    this.tell({ state, pending: this.queue.pending.length, ...detail });
  }

  // Something is to be sent.
  wake(delay = 60) {
    if (this.stopped) return;
    if (this.state === "offline" || this.state === "failed") {
      this.#say(this.state, { seconds: this.seconds });
      return;
    }
    if (this.queue.pending.length && this.state !== "saving") this.#say("saving");
    this.#plan(delay);
  }

  now() {
    this.#plan(0);
  }

  stop() {
    this.stopped = true;
    this.timers.clearTimeout(this.timer);
  }

  // A tab that nobody sees asks nothing; it still sends.
  pause(paused) {
    this.paused = paused;
    if (!paused) this.now();
  }

  #plan(delay) {
    this.timers.clearTimeout(this.timer);
    if (!this.stopped) this.timer = this.timers.setTimeout(() => this.run(), delay);
  }

  async run() {
    if (this.busy || this.stopped) return this.busy;
    this.busy = this.#ask().finally(() => {
      this.busy = null;
    });
    return this.busy;
  }

  async #ask() {
    const ops = this.queue.batch(this.most);
    const body = { version: this.version, since: this.since, client: this.client, place: this.place, ops };
    let answer;
    try {
      answer = await this.send(body);
    } catch {
      this.#retry("offline");
      return;
    }
    if (this.stopped) return;
    if (answer.status === 200) this.#success(answer.body);
    else if (answer.status === 400 || answer.status === 413 || answer.status === 422) this.#unread(ops, answer);
    // Only what our own door refuses is a refusal; a proxy or an old token may say 403 as well.
    else if ([403, 404].includes(answer.status) && answer.body?.code) this.#denied(answer);
    else this.#retry("failed");
  }

  #success(body) {
    this.most = undefined;
    this.seconds = 0;
    this.company = (body.people ?? []).length > 0;
    // Older news than what is known already would be applied twice.
    const ops = (body.ops ?? []).filter((op) => op.number > this.since);
    const received = this.queue.receive({ ops, results: body.results ?? [] });
    this.since = Math.max(this.since, body.revision ?? this.since);
    this.take({ ...body, ops, ...received });
    if (this.stopped) return;
    this.#say(this.queue.pending.length ? "saving" : "saved");
    if (this.queue.pending.length) this.#plan(0);
    else if (!this.paused) this.#plan(this.company ? TOGETHER : ALONE);
  }

  // An operation that the server cannot read must not block the others: find it by halving.
  #unread(ops, answer) {
    if (ops.length > 1) {
      this.most = Math.ceil(ops.length / 2);
      this.#plan(0);
      return;
    }
    this.most = undefined;
    if (!ops.length) {
      this.#retry("failed");
      return;
    }
    const { touched, dropped } = this.queue.drop((entry) => entry.id === ops[0].id);
    const error = { code: answer.body?.code ?? "invalid", detail: answer.body?.detail ?? "" };
    this.take({ ops: [], remote: [], touched, refused: dropped.map((entry) => ({ ...entry, error })) });
    this.#plan(0);
  }

  #denied(answer) {
    this.stop();
    this.#say("denied", { status: answer.status });
    this.refuse(answer);
  }

  #retry(state) {
    this.seconds = AGAIN;
    this.#countdown(state);
  }

  #countdown(state) {
    this.#say(state, { seconds: this.seconds });
    this.timers.clearTimeout(this.timer);
    this.timer = this.timers.setTimeout(() => {
      this.seconds -= 1;
      if (this.seconds > 0) this.#countdown(state);
      else this.run();
    }, 1000);
  }
}
