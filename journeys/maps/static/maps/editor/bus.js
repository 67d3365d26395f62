// Events between the parts. A part that fails does not take the others with it.

export class Bus {
  constructor() {
    this.listeners = new Map();
  }

  on(event, fn) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(fn);
    return () => this.listeners.get(event).delete(fn);
  }

  emit(event, detail) {
    for (const fn of [...(this.listeners.get(event) ?? [])]) {
      try {
        fn(detail);
      } catch (error) {
        console.error(error);
      }
    }
  }
}
