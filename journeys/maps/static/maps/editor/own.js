// The parts of the editor's core, in the order in which they start.

export const own = [];
