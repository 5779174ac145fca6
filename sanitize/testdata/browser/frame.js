"use strict";
// Stands at the head of a page that holds a vector, before the vector is read. It notes what the vector runs, does to
// every element what a reader might do, and then looks whether the page is still the page that it was.
(() => {
  const address = location.pathname;
  const home = location.href;
  const say = what => top.said(address, what);
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
  const attempt = action => { try { return action(); } catch { return undefined; } };

  for (const name of ["hit", "alert", "confirm", "prompt", "print"]) {
    Object.defineProperty(window, name, { value: () => { say("executed"); } });
  }
  addEventListener("message", e => { if (e.data === "hit") say("executed"); });
  addEventListener("pagehide", () => say("left"));

  // The document's own properties, whatever an element's name hides them behind.
  const real = name => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
  const find = id => Document.prototype.getElementById.call(document, id);
  const all = () => [...Document.prototype.querySelectorAll.call(document, "*")].slice(0, 300);
  const attributes = n => Object.getOwnPropertyDescriptor(Element.prototype, "attributes").get.call(n);

  // A link or a form that leads to a page is not followed: only scripts are of interest. Caught on the way down: an
  // outer form stops what an inner one sends.
  const leads = url => attempt(() => new URL(url, home).protocol) !== "javascript:";
  addEventListener("click", e => {
    const link = e.composedPath().find(n => n.nodeName && /^(a|area)$/i.test(n.nodeName));
    if (link && leads(link.href.animVal ?? link.href)) e.preventDefault();
  }, true);
  addEventListener("submit", e => {
    const action = Element.prototype.getAttribute;
    const button = e.submitter && action.call(e.submitter, "formaction");
    if (leads(button || action.call(e.target, "action") || "")) e.preventDefault();
  }, true);

  const events = {
    MouseEvent: ["mouseover", "mouseenter", "mousemove", "mousedown", "mouseup", "click", "dblclick", "auxclick",
      "contextmenu", "mouseout", "mouseleave"],
    PointerEvent: ["pointerover", "pointerdown", "pointermove", "pointerrawupdate", "pointerup"],
    WheelEvent: ["wheel", "mousewheel"],
    KeyboardEvent: ["keydown", "keypress", "keyup"],
    FocusEvent: ["focus", "focusin", "focusout", "blur"],
    DragEvent: ["dragstart", "dragenter", "dragover", "drop"],
    ClipboardEvent: ["beforecopy", "copy", "cut", "paste"],
    AnimationEvent: ["animationstart", "animationend"],
    TransitionEvent: ["transitionrun", "transitionend"],
    Event: ["touchstart", "touchmove", "touchend", "input", "beforeinput", "change", "select", "selectstart", "invalid",
      "reset", "scroll", "scrollend", "toggle", "beforetoggle", "close", "cancel", "play", "loadeddata", "canplay",
      "volumechange", "seeked", "timeupdate", "finish", "bounce", "start", "resize", "hashchange", "pageshow"],
  };

  function touch(element) {
    for (const [kind, names] of Object.entries(events)) {
      for (const name of names) {
        const event = new window[kind](name, { bubbles: true, cancelable: true });
        attempt(() => EventTarget.prototype.dispatchEvent.call(element, event));
      }
    }
    attempt(() => Element.prototype.scrollIntoView.call(element));
    attempt(() => HTMLElement.prototype.focus.call(element));
    attempt(() => HTMLElement.prototype.click.call(element));
    attempt(() => element.play().catch(() => {}));
    attempt(() => element.showPopover());
    attempt(() => { if (element instanceof HTMLDetailsElement) element.open = !element.open; });
    attempt(() => HTMLFormElement.prototype.requestSubmit.call(element));
  }

  // What follows and holds the vector, as the server wrote it.
  function boundaries() {
    const ours = find("ours"), after = ours?.nextSibling, article = ours?.parentNode, end = find("end");
    const body = real("body");
    if (ours?.nodeName !== "DIV" || attributes(ours).length !== 1) return "the container is another";
    if (after?.nodeName !== "I" || after.id !== "after" || after.childNodes.length !== 1 || after.textContent !== "后文") {
      return "the container does not end where it should";
    }
    if (article.nodeName !== "ARTICLE" || article.childNodes.length !== 2) return "the article is another";
    if (body?.nodeName !== "BODY" || article.parentNode !== body || body.childNodes.length !== 2 || body.lastChild !== end) {
      return "something is beside the article";
    }
    if (end.textContent !== "文末" || end.childNodes.length !== 1) return "what follows the article is drawn into it";
    const root = real("documentElement");
    if (attributes(root).length !== 1 || attributes(body).length !== 0 || attributes(article).length !== 0) {
      return "the page has other attributes";
    }
    return real("head").childNodes.length === 4 ? "" : "the head holds more";
  }

  function names() {
    for (const name of ["title", "body", "forms", "cookie", "head", "documentElement", "defaultView", "location"]) {
      const own = name === "location" ? window.location : real(name);
      if (document[name] !== own) return `document.${name} is another`;
    }
    for (const name of ["getElementById", "querySelector", "createElement", "addEventListener", "write", "open"]) {
      if (document[name] !== Document.prototype[name]) return `document.${name} is another`;
    }
    for (const element of ours()) {
      for (const attribute of ["id", "name"]) {
        const name = Element.prototype.getAttribute.call(element, attribute);
        if (name && (window[name] instanceof Node || document[name] instanceof Node)) return `${name} is an element`;
      }
    }
    return real("forms").length ? "there is a form" : "";
  }

  const ours = () => [...(find("ours")?.querySelectorAll("*") ?? [])];

  function places() {
    const box = find("ours").getBoundingClientRect();
    for (const element of ours()) {
      const place = getComputedStyle(element).position;
      if (place === "") continue; // in a player, and not shown
      if (place !== "static") return `<${element.localName}> is ${place}`;
      const at = element.getBoundingClientRect();
      // Superscript and ruby rise a little above their line.
      if (at.width && (at.top < box.top - 24 || at.left < box.left - 24)) return `<${element.localName}> is outside`;
    }
    for (const [id, display] of [["after", "inline"], ["end", "block"]]) {
      const style = getComputedStyle(find(id));
      if (style.display !== display || style.position !== "static" || style.color !== "rgb(0, 0, 0)" ||
          style.visibility !== "visible") return "the page looks otherwise";
    }
    return "";
  }

  function whole() {
    if (location.href !== home) return "the page is another";
    if (real("title") !== "农金网") return "the title is another";
    if (Object.getOwnPropertyDescriptor(Node.prototype, "baseURI").get.call(document) !== home) return "the base is another";
    return "";
  }

  function look(way) {
    for (const look of [boundaries, whole, names, places]) {
      let what;
      try { what = look(); } catch (error) { what = `it cannot be looked at (${error.message})`; }
      if (what) say(way + ": " + what);
    }
  }

  // Looked at twice: a reader might be harmed by only seeing the page, or by touching it.
  async function examine(way) {
    look(way);
    for (const element of all()) touch(element);
    await pause(100);
    look(way);
  }

  addEventListener("DOMContentLoaded", async () => {
    const markup = JSON.parse(find("markup").textContent);
    await Promise.race([new Promise(resolve => addEventListener("load", resolve)), pause(250)]);
    await pause(50);
    await examine("document");
    // Through innerHTML twice: what the first reading writes out is what the second reads.
    attempt(() => {
      const first = document.createElement("div");
      first.innerHTML = markup;
      find("ours").innerHTML = first.innerHTML;
    });
    await pause(100);
    await examine("innerHTML");
    say("done");
  });
})();
