// What surrounds the grid. main.js starts each of these with the editor; a part whose address or
// right is missing stays away.
//
// A part puts its buttons into <span data-slot="…"> of the toolbar; where the page has no such
// place, nodes.js makes one. The inspector starts before the parts that add tabs to it, the
// feelings before the scores that fill them.

import * as comments from "./comments.js";
import * as deeplinks from "./deeplinks.js";
import * as details from "./details.js";
import * as feelings from "./feelings.js";
import * as find from "./find.js";
import * as inspector from "./inspector.js";
import * as lanes from "./lanes.js";
import * as measure from "./measure.js";
import * as overview from "./overview.js";
import * as paths from "./paths.js";
import * as people from "./people.js";
import * as quotes from "./quotes.js";
import * as scores from "./scores.js";
import * as versions from "./versions.js";
import * as views from "./views.js";
import * as zoom from "./zoom.js";

export const parts = [
  views,
  inspector,
  details,
  comments,
  feelings,
  measure,
  overview,
  scores,
  lanes,
  people,
  find,
  zoom,
  paths,
  quotes,
  versions,
  deeplinks,
];

export default parts;
