// The parts of the editor's core, in the order in which they start.

import * as acts from "./acts.js";
import * as cardmenu from "./cardmenu.js";
import * as cells from "./cells.js";
import * as clipboard from "./clipboard.js";
import * as columns from "./columns.js";
import * as conflict from "./conflict.js";
import * as dialog from "./dialog.js";
import * as drag from "./drag.js";
import * as edit from "./edit.js";
import * as empty from "./empty.js";
import * as frame from "./frame.js";
import * as help from "./help.js";
import * as insert from "./insert.js";
import * as keyboard from "./keyboard.js";
import * as live from "./live.js";
import * as menu from "./menu.js";
import * as pickers from "./pickers.js";
import * as pointer from "./pointer.js";
import * as toolbar from "./toolbar.js";
import * as tools from "./tools.js";

export const own = [
  frame, menu, dialog, acts, edit, columns, cells, pickers, cardmenu, insert, help, clipboard,
  keyboard, pointer, drag, tools, toolbar, empty, conflict, live,
];
