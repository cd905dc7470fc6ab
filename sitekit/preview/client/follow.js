// Brings the page in the browser to the state of a newly built one, touching only what differs, so that the reading
// position, the focus and opened details stay as they are.

/** The document at an address, parsed by the browser without Trusted Types being asked: nothing in it runs. */
export function loadDocument(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.responseType = 'document';
    request.onload = () => {
      if (request.response) resolve({ page: request.response, address: request.responseURL });
      else reject(new Error('no document'));
    };
    request.onerror = () => reject(new Error('no answer'));
    request.send();
  });
}

/** Show `page` in place of what is shown. Resolves to false when only a reload can do that: scripts or metadata differ. */
export async function show(page) {
  if (fixedPart(document) !== fixedPart(page)) return false;
  await swapStylesheets(page);
  document.title = page.title;
  for (const name of ['lang', 'dir', 'class']) copyAttribute(document.documentElement, page.documentElement, name);
  morph(document.body, page.body);
  return true;
}

const CHANGEABLE = 'title, link[rel="stylesheet"], script[data-preview], script[type="application/ld+json"]';

/** What cannot be changed in place: the head without title and styles, and every script. */
function fixedPart(page) {
  const head = [...page.head.children].filter((element) => !element.matches(CHANGEABLE));
  return [...head, ...page.body.querySelectorAll('script')].map((element) => element.outerHTML).join('\n');
}

/** Put new stylesheets where the old ones stand. An old one goes when the new one is there, so the page is never bare. */
function swapStylesheets(page) {
  const sheets = (where) => [...where.head.querySelectorAll('link[rel="stylesheet"]')];
  const [old, next] = [sheets(document), sheets(page)];
  const address = (link) => link.getAttribute('href');
  if (old.map(address).join(' ') === next.map(address).join(' ')) return null;
  let place = old.at(-1) ?? document.head.lastElementChild;
  const loaded = next.map((link) => new Promise((resolve) => {
    const made = document.importNode(link);
    made.onload = made.onerror = resolve;
    place.after(made);
    place = made; // the first sheet sets the order of the layers
  }));
  return Promise.all(loaded).then(() => old.forEach((link) => link.remove()));
}

function morph(from, to) {
  if (from.isEqualNode(to)) return;
  if (from.nodeType !== Node.ELEMENT_NODE) {
    from.nodeValue = to.nodeValue;
    return;
  }
  for (const name of new Set([...from.getAttributeNames(), ...to.getAttributeNames()])) copyAttribute(from, to, name);
  morphChildren(from, to);
}

function copyAttribute(from, to, name) {
  if (from.localName === 'details' && name === 'open') return; // the reader's own doing
  if (!to.hasAttribute(name)) from.removeAttribute(name);
  else if (from.getAttribute(name) !== to.getAttribute(name)) from.setAttribute(name, to.getAttribute(name));
}

/** Keep what is equal at both ends; between them, change node by node what is of one kind and replace the rest. */
function morphChildren(from, to) {
  let old = [...from.childNodes];
  let next = [...to.childNodes];
  let start = 0;
  while (start < Math.min(old.length, next.length) && old[start].isEqualNode(next[start])) start += 1;
  let end = 0;
  while (end < Math.min(old.length, next.length) - start && old.at(-1 - end).isEqualNode(next.at(-1 - end))) end += 1;
  old = old.slice(start, old.length - end);
  next = next.slice(start, next.length - end);
  const after = old.length ? old.at(-1).nextSibling : (from.childNodes[start] ?? null);
  next.forEach((node, place) => {
    const there = old[place];
    if (there && alike(there, node)) morph(there, node);
    else if (there) there.replaceWith(document.importNode(node, true));
    else from.insertBefore(document.importNode(node, true), after);
  });
  old.slice(next.length).forEach((node) => node.remove());
}

function alike(one, other) {
  return one.nodeName === other.nodeName && (one.id ?? '') === (other.id ?? '');
}
