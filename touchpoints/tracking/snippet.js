// The web snippet, served at /t.js without comments and spaces. It adds one name, `cxm`, to the
// page. Without consent it stores nothing and sends no id; with Global Privacy Control or Do Not
// Track it does nothing at all. docs/reference/tracking-codes.md says what it sends.
((window, document) => {
  "use strict";
  const { navigator, location, history } = window;
  const { src, dataset } = document.currentScript;
  // The tag may stand on a page twice.
  if (window.cxm && window.cxm.track) return;

  // --- consent and ids --------------------------------------------------------------------

  // One entry of the local storage holds who this browser is, another what could not be sent.
  // Nothing is written before the person has agreed.
  const OWN = "cxm", UNSENT = "cxm.unsent";

  // Storage may be switched off or full: then all else goes on without it.
  const read = (name) => {
    try { return JSON.parse(localStorage.getItem(name)); } catch (error) { return null; }
  };
  const write = (name, value) => {
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
    } catch (error) { return; }
  };
  const random = () =>
    Array.from(crypto.getRandomValues(new Uint32Array(5)), (number) => number.toString(36)).join("");

  // {id, user} of this browser; null without consent; undefined as long as nobody has looked.
  let own;
  // Who the page said this is, while there is no consent to say so.
  let named;

  const remember = (value) => write(OWN, (own = value));

  // The first look into the storage makes the page wait for another process, for milliseconds:
  // not while it loads, but when the first messages leave or somebody asks.
  const recall = () => {
    if (own !== undefined) return;
    own = read(OWN);
    if (own) {
      signAll();
      queue = (read(UNSENT) || []).concat(queue);
    }
  };

  const consent = (agreed) => {
    recall();
    if (!agreed) {
      remember(null);
      write(UNSENT);
    } else if (!own) {
      remember({ id: random() });
      if (named) identify(...named);
    }
    signAll();
  };

  const identify = (user, traits) => {
    recall();
    if (!own) named = [user, traits];
    else {
      remember({ id: own.id, user: user && user + "" });
      add({ type: "identify", traits });
    }
  };

  // Somebody else may sit here next: what waits goes out under the old id.
  const reset = () => {
    flush();
    named = null;
    if (own) remember({ id: random() });
  };

  const sign = (item) => {
    item.anonymousId = own ? own.id : undefined;
    item.userId = own ? own.user : undefined;
  };

  const signAll = () => {
    queue.forEach(sign);
    facts.url = clean(address);
  };

  // --- sending ----------------------------------------------------------------------------

  const SOON = 1000;
  let queue = [], timer, wait = SOON;

  const add = (item) => {
    item.messageId = random();
    item.timestamp = new Date();
    item.context = { page: facts, campaign };
    sign(item);
    queue.push(item);
    later();
    return item;
  };

  const later = () => {
    timer = timer || setTimeout(flush, wait);
  };

  // A message keeps its id when it is sent again, so that it counts once.
  const keep = (batch) => {
    queue = batch.concat(queue).slice(-500);
    if (own) write(UNSENT, queue);
    later();
  };

  const flush = (leaving) => {
    recall();
    clearTimeout(timer);
    timer = 0;
    while (queue[0]) {
      const batch = queue.splice(0, 40);
      const body = JSON.stringify({
        batch,
        writeKey: dataset.key,
        sentAt: new Date(),
        context: { library: { name: "cxm.js" }, locale: navigator.language, consent: !!own },
      });
      if (!leaving) send(batch, body);
      // There is no answer to wait for: what cannot be handed over is kept, if it may be.
      else if (!navigator.onLine || !navigator.sendBeacon(DOOR, body)) return keep(batch);
    }
  };

  const send = (batch, body) =>
    fetch(DOOR, { method: "POST", body, keepalive: true, credentials: "omit" })
      .then((answer) => answer.status, () => 503)
      .then((status) => {
        if (status > 499 || status === 429) {
          wait = Math.min(wait * 2, 3e5);
          keep(batch);
        } else {
          wait = SOON;
          if (own) write(UNSENT);
        }
      });
  const DOOR = new URL("v1/b", src).href;

  // --- the page ---------------------------------------------------------------------------

  // Parameters whose values name a person or a click; the latter are sent with consent.
  const SECRET = /token|pass|secret|auth|session|mail|phone/i;
  const CLICK_ID = /^(g|gbra|wbra|d|msclk|fbcl|ttcl|twcl)(cl)?id$|^li_fat_id$/;
  // `facts` is shared by all messages of a view: a late title reaches those that still wait.
  let address, facts, campaign, view, dwell, since, depth, width, height;
  let referrer = document.referrer;

  const clean = (text) =>
    text.replace(/([?&]([^=&#]+)=)[^&#]*/g, (whole, start, name) =>
      SECRET.test(name) || (!own && CLICK_ID.test(name)) ? start + "-" : whole);

  // A fragment belongs to the page's address where it is a route.
  const route = () => (/^#!?\//.test(location.hash) ? location.hash : "");
  const here = () => location.href.split("#")[0] + route();

  const track = (event, properties) => add({ type: "track", event, properties });
  const page = (name, properties) => add({ type: "page", name, properties: Object.assign({}, facts, properties) });

  const start = () => {
    address = here();
    facts = { url: clean(address), path: location.pathname + route(), title: document.title, referrer: clean(referrer) };
    campaign = undefined;
    depth = dwell = width = 0;
    const properties = {}, mine = facts;
    new URLSearchParams(location.search).forEach((value, name) => {
      if (CLICK_ID.test(name)) properties.click_id = name;
      if (/^utm_/.test(name)) (campaign = campaign || {})[name.slice(4).replace("campaign", "name")] = value;
    });
    const item = page(undefined, properties);
    view = item.messageId;
    // Routers name the page after they have pushed its address.
    setTimeout(() => {
      if (mine === facts) {
        mine.title = item.properties.title = document.title;
        measure();
      }
    }, 500);
  };

  // A new address is a new view; the same one again, by whatever call, is not.
  const moved = () => {
    if (address !== here()) {
      left();
      referrer = address;
      start();
    }
  };

  const measure = () => {
    const root = document.documentElement;
    width = root.scrollWidth;
    height = root.scrollHeight;
    depth = Math.max(depth, Math.min(100, Math.round((100 * (scrollY + innerHeight)) / height)));
  };

  // Time counts while the page is seen and has the focus.
  const clock = () => {
    const now = performance.now();
    if (since) dwell += now - since;
    since = !document.hidden && document.hasFocus() ? now : 0;
  };

  // Who comes back to a page that was hidden adds time to the same view.
  const left = () => {
    clock();
    if (dwell < 100) return;
    if (address === here()) measure();
    track("Page left", {
      dwell_seconds: Math.round(dwell) / 1000,
      dwell_method: "foreground",
      scroll: depth,
      path: facts.path,
      w: width,
      h: height,
      fold: innerHeight,
      view,
    });
    dwell = 0;
  };

  // --- clicks -----------------------------------------------------------------------------

  const FILE = /\.(pdf|zip|docx?|xlsx?|pptx?|od[tsp]|csv|txt|epub|ics|mp[34]|dmg|exe|msi|apk|7z|gz)$/i;

  // data-cxm-event="Plan chosen" data-cxm-plan="pro" → Plan chosen {plan: "pro"}
  const marked = (element) => {
    const properties = {};
    for (const { name, value } of element.attributes) {
      if (/^data-cxm-(?!event|private)/.test(name)) properties[name.slice(9).replace(/-/g, "_")] = value;
    }
    track(element.dataset.cxmEvent, properties);
  };

  const clicked = (event) => {
    const closest = (selector) =>
      event.composedPath().find((node) => node.matches && node.matches(selector));
    const element = closest("a[href],area[href],button,summary,[role=button],input[type=submit],input[type=button]");
    const told = closest("[data-cxm-event]:not(form)");
    const box = (element || event.target).getBoundingClientRect();
    measure();
    // A key on a button is a click without a place: it happened on the button's middle.
    const x = event.detail ? event.clientX : box.left + box.width / 2;
    const y = event.detail ? event.clientY : box.top + box.height / 2;
    const properties = {
      type: "place",
      path: facts.path,
      x: Math.round((1e4 * (x + scrollX)) / width) / 1e4,
      y: Math.round(y + scrollY),
      w: width,
      h: height,
    };
    if (element) {
      const { host, pathname } = element;
      // In a drawing (SVG) a link's address is an object.
      const href = element.href && (element.href.baseVal || element.href);
      properties.type = !href ? "button"
        : element.hasAttribute("download") || FILE.test(pathname) ? "download"
        : host && host !== location.host ? "outbound" : "link";
      properties.box = [box.left + scrollX, box.top + scrollY, box.width, box.height].map(Math.round);
      if (!closest("[data-cxm-private]")) {
        properties.text = (element.getAttribute("aria-label") || element.textContent.trim() || element.value || "")
          .replace(/\s+/g, " ").slice(0, 80);
        properties.href = href && href.replace(/\?[^#]*/, "");
      }
    }
    track("Clicked", properties);
    if (told) marked(told);
  };

  // --- begin ------------------------------------------------------------------------------

  // Calls from before this script came wait in a list; the list's push goes on working.
  const push = (...calls) => calls.forEach(([name, ...rest]) => api[name](...rest));
  const api = { consent, identify, track, page, reset, push };

  const begin = () => {
    const on = (target, names, listener) =>
      names.split(" ").forEach((name) => target.addEventListener(name, listener, true));
    start();
    clock();
    ["pushState", "replaceState"].forEach((name) => {
      const original = history[name];
      history[name] = function () {
        original.apply(this, arguments);
        moved();
      };
    });
    on(window, "popstate hashchange", moved);
    on(window, "focus blur", clock);
    on(window, "online", () => flush());
    on(window, "pageshow", (event) => {
      if (event.persisted) start();
      clock();
    });
    on(window, "pagehide visibilitychange", ({ type }) => {
      left();
      if (document.hidden || type === "pagehide") flush(1);
    });
    on(document, "click", clicked);
    on(document, "submit", ({ target }) => {
      if (target.dataset.cxmEvent) marked(target);
    });
    let scrolling;
    on(window, "scroll", () => {
      clearTimeout(scrolling);
      scrolling = setTimeout(measure, 100);
    });
    const waiting = window.cxm;
    window.cxm = api;
    if (Array.isArray(waiting)) push(...waiting);
  };

  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") {
    for (const name in api) api[name] = () => {};
    window.cxm = api;
  } else {
    if (document.prerendering) document.addEventListener("prerenderingchange", begin);
    else begin();
  }
})(window, document);
