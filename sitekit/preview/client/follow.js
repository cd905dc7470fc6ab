// Brings the page in the browser to the state of a newly built one. Stylesheets are exchanged without a moment in which the page
// has none; the rest is left to morph.js.
import { copyAttribute, morph } from './morph.js';

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
  if (!(await swapHeadSheets(page))) return false;
  const covers = await coverBodySheets(page);
  if (!covers) return false;
  const before = new Map(sheets(document.body).map((link) => [link, address(link)]));
  document.title = page.title;
  for (const name of ['lang', 'dir', 'class']) copyAttribute(document.documentElement, page.documentElement, name);
  morph(document.body, page.body);
  if (covers.length) {
    await Promise.all(sheets(document.body).filter((link) => before.get(link) !== address(link)).map(loaded));
    covers.forEach((link) => link.remove());
  }
  return true;
}

const CHANGEABLE = 'title, link[rel="stylesheet"], script[data-preview], script[type="application/ld+json"]';

/** What cannot be changed in place: the head without title and styles, and every script. */
function fixedPart(page) {
  const head = [...page.head.children].filter((element) => !element.matches(CHANGEABLE));
  return [...head, ...page.body.querySelectorAll('script')].map((element) => element.outerHTML).join('\n');
}

const sheets = (where) => [...where.querySelectorAll('link[rel="stylesheet"]')];
const address = (link) => link.getAttribute('href');
const same = (old, next) => old.map(address).join(' ') === next.map(address).join(' ');

/** Resolves to whether a stylesheet that is on its way has come. */
function loaded(link) {
  return new Promise((resolve) => {
    link.addEventListener('load', () => resolve(true), { once: true });
    link.addEventListener('error', () => resolve(false), { once: true });
  });
}

/** Put copies of `links` behind one another after `place`. Resolves to them when all have come, to null when one cannot. */
async function add(links, place) {
  const made = links.map((link) => document.importNode(link));
  const ends = made.map(loaded);
  place.after(...made);
  if ((await Promise.all(ends)).every(Boolean)) return made;
  made.forEach((link) => link.remove()); // a newer build has taken it away
  return null;
}

/** New stylesheets stand where the old ones stood, since the first sets the order of the layers; the old go when the new are there. */
async function swapHeadSheets(page) {
  const [old, next] = [sheets(document.head), sheets(page.head)];
  if (same(old, next)) return true;
  const made = await add(next, old.at(-1) ?? document.head.lastElementChild);
  if (made) old.forEach((link) => link.remove());
  return Boolean(made);
}

/** The links in the body change with the text around them, and then load anew. Until they have, copies in the head stand in for them. */
async function coverBodySheets(page) {
  const next = sheets(page.body);
  return same(sheets(document.body), next) ? [] : add(next, document.head.lastElementChild);
}
