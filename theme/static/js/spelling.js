// Mends a misspelled word by the words that the site uses. Loaded with the first key press, never before.

// Letters that must be added, left out, changed or swapped with their neighbor to get from one word to the other: the
// "optimal string alignment" distance. Gives up, with Infinity, when it would be more than `most`.
export function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      now[column] = Math.min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        now[column] = Math.min(now[column], before[column - 2] + 1);
      }
    }
    if (Math.min(...now) > most) return Infinity;
    [before, last] = [last, now];
  }
  return last[other.length] > most ? Infinity : last[other.length];
}

// Words that nearly every page has: they find nothing and mark everything.
const SMALL = new Set("a am an and are at be by can cant cannot did do does dont for from have how i if im in is it its ive me my of on or so that the there this to want was what when where which who why will with you your".split(" "));

export class Spelling {
  // `words` are lower case, the most frequent first.
  constructor(words) {
    this.words = words;
    this.known = new Set(words);
  }

  // A word of the site, the beginning of one (somebody is still typing), or one with another ending ("sleeping").
  knows(word) {
    if (this.known.has(word)) return true;
    if (this.words.some((known) => known.startsWith(word))) return true;
    for (let end = word.length - 1; end >= Math.max(4, word.length - 4); end--) {
      if (this.known.has(word.slice(0, end))) return true;
    }
    return false;
  }

  // The nearest word of the site, or "" when none is near. Among equally near ones, the same first letter, then frequency.
  nearest(word) {
    const most = word.length < 4 ? 0 : word.length < 6 ? 1 : 2;
    let best = "";
    let least = most + 1;
    for (const known of this.words) {
      if (known.length < 4) continue;
      const steps = distance(word, known, most) + (known[0] === word[0] ? 0 : 0.5);
      if (steps < least) [best, least] = [known, steps];
    }
    return best;
  }

  // What a query says in words of the site: { words, changed: [[from, to]], unknown: [word] }.
  mend(query) {
    const plain = query.normalize("NFD").replace(/[\u0300-\u036f'’]/g, "").toLowerCase();
    const asked = plain.match(/[a-z0-9]+/g) ?? [];
    const telling = asked.filter((word) => !SMALL.has(word));
    const [changed, unknown, words] = [[], [], []];
    for (const word of telling.length ? telling : asked) {
      const near = /^\d|^.$/.test(word) || this.knows(word) ? word : this.nearest(word);
      if (!near) unknown.push(word);
      else if (near !== word) changed.push([word, near]);
      if (near) words.push(near);
    }
    return { words, changed, unknown };
  }
}
