// Changes one tree of nodes into another, touching only what differs, so that the reading position, the focus and opened details
// stay as they are.

const MOST_PAIRS = 250_000; // compared among siblings; beyond, they are paired by their place

/** Make `from`, which is shown, like `to`. */
export function morph(from, to) {
  if (from.isEqualNode(to)) return;
  if (from.nodeType !== Node.ELEMENT_NODE) {
    from.nodeValue = to.nodeValue;
    return;
  }
  for (const name of new Set([...from.getAttributeNames(), ...to.getAttributeNames()])) copyAttribute(from, to, name);
  morphChildren(from, to);
}

/** Give `from` the attribute that `to` has, or has not. */
export function copyAttribute(from, to, name) {
  if (from.localName === 'details' && name === 'open') return; // the reader's own doing
  if (!to.hasAttribute(name)) from.removeAttribute(name);
  else if (from.getAttribute(name) !== to.getAttribute(name)) from.setAttribute(name, to.getAttribute(name));
}

/** Keep what is equal, change node by node what is of one kind, and put in and take out the rest. */
function morphChildren(from, to) {
  const [old, next] = [[...from.childNodes], [...to.childNodes]];
  const partners = pair(old, next);
  const kept = new Set(partners.values());
  old.filter((node) => !kept.has(node)).forEach((node) => node.remove());
  let place = from.firstChild;
  for (const node of next) {
    const there = partners.get(node);
    if (there) {
      morph(there, node);
      place = there.nextSibling;
    } else from.insertBefore(document.importNode(node, true), place);
  }
}

/** Which old node becomes which new one, in the order of both: a map from the new ones. */
function pair(old, next) {
  const partners = new Map();
  const texts = new Map([...old, ...next].map((node) => [node, text(node)]));
  const equal = (one, other) => texts.get(one) === texts.get(other);
  let start = 0;
  let [endOld, endNext] = [old.length, next.length];
  while (start < Math.min(endOld, endNext) && equal(old[start], next[start])) partners.set(next[start], old[start++]);
  while (Math.min(endOld, endNext) > start && equal(old[endOld - 1], next[endNext - 1])) partners.set(next[--endNext], old[--endOld]);
  const [left, right] = [old.slice(start, endOld), next.slice(start, endNext)];
  const found = left.length * right.length > MOST_PAIRS ? byPlace(left, right) : best(left, right, (one, other) => worth(one, other, equal));
  for (const [one, other] of found) partners.set(other, one);
  return partners;
}

/** A node as text, without what the reader has opened or closed. */
function text(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return `${node.nodeName} ${node.nodeValue}`;
  if (node.localName !== 'details' && !node.querySelector('details')) return node.outerHTML;
  const bare = node.cloneNode(true);
  for (const details of [bare, ...bare.querySelectorAll('details')]) details.removeAttribute('open');
  return bare.outerHTML;
}

function alike(one, other) {
  return one.nodeName === other.nodeName && (one.id ?? '') === (other.id ?? '');
}

/** What it is worth to keep `one` as `other`: much if they are equal, little for the text between elements, nothing if they are unlike. */
function worth(one, other, equal) {
  if (!alike(one, other)) return 0;
  if (one.nodeType !== Node.ELEMENT_NODE) return 1;
  return equal(one, other) ? 6 : 2;
}

function byPlace(left, right) {
  return left.slice(0, right.length).map((one, place) => [one, right[place]]).filter(([one, other]) => alike(one, other));
}

/** The pairs, in order, whose worth is the greatest together: the longest common subsequence, weighted. */
function best(left, right, value) {
  const width = right.length + 1;
  const sums = new Int32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const gain = value(left[i], right[j]);
      const without = Math.max(sums[(i + 1) * width + j], sums[i * width + j + 1]);
      sums[i * width + j] = gain ? Math.max(without, gain + sums[(i + 1) * width + j + 1]) : without;
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const sum = sums[i * width + j];
    if (sum === sums[(i + 1) * width + j]) i += 1;
    else if (sum === sums[i * width + j + 1]) j += 1;
    else pairs.push([left[i++], right[j++]]);
  }
  return pairs;
}
