// The search page. Pagefind finds; this shows. All text goes in as text, never as HTML, and nothing typed leaves the browser:
// the words are kept in the history entry of this tab, so that "back" finds them, and in no address.
const form = document.getElementById("search");
const input = form.elements.q;
const status = document.getElementById("search-status");
const results = document.getElementById("results");
const more = document.getElementById("more-results");
const crisis = document.getElementById("search-crisis");
const STEP = 10;
const PAUSE = 250; // milliseconds without a key before the search runs
const topics = new Map([...document.querySelectorAll("#browse a")].map((link) => [link.pathname, link.textContent]));

let engine; // a promise of { pagefind, spelling }, made at the first key press
let latest = 0; // number of the newest search; answers to older ones are dropped
let timer;
let found = [];
let shown = 0;

function load() {
  engine ??= Promise.all([
    import(`${form.dataset.index}pagefind.js`),
    import(form.dataset.spelling),
    fetch(`${form.dataset.index}words.txt`).then((answer) => {
      if (!answer.ok) throw new Error(`words.txt: ${answer.status}`);
      return answer.text();
    }),
  ])
    .then(async ([{ createInstance }, { Spelling }, words]) => {
      // Trusted Types forbid a worker made from a plain address; the index is small enough for the page itself.
      const pagefind = await createInstance({ basePath: form.dataset.index, baseUrl: form.dataset.base, noWorker: true, excerptLength: 24 });
      return { pagefind, spelling: new Spelling(words.split("\n").filter(Boolean)) };
    })
    .catch((error) => {
      engine = undefined;
      throw error;
    });
  return engine;
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// Pagefind's excerpt is escaped HTML with <mark> around what was found. What it repeats of the title, which stands above
// already, is cut off; what it cuts off is shown by dots.
function excerpt(html, title) {
  const decode = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#(?:39|x27);/g, "'").replace(/&amp;/g, "&");
  const parts = html.replace(/ +([.,;:])/g, "$1").split(/<\/?mark>/).map(decode); // every second one is marked
  const whole = parts.join("");
  const words = `${title}. `.split(/(?<= )/);
  const repeated = words.map((_, number) => words.slice(number).join("")).find((end) => whole.startsWith(end)) ?? "";
  let surplus = repeated.length;
  const made = parts.map((part, number) => {
    const text = part.slice(surplus);
    surplus = Math.max(0, surplus - part.length);
    return number % 2 && text ? element("mark", "", text) : text;
  });
  if (!repeated && /^[a-z]/.test(whole)) made.unshift("… ");
  if (!/[.?!]$/.test(whole.trimEnd())) made.push(" …");
  return made;
}

// The section that holds most of what was asked for, of those whose words below the title show it.
function bestSection(page) {
  const sections = page.sub_results.map((section) => ({
    url: section.url,
    title: section.title,
    weight: section.weighted_locations.reduce((sum, place) => sum + place.balanced_score, 0),
    parts: excerpt(section.excerpt, section.title),
  }));
  const telling = sections.filter((section) => section.parts.some((part) => part.nodeType));
  const whole = { url: page.url, title: page.meta.title, weight: 0, parts: excerpt(page.excerpt, page.meta.title) };
  return (telling.length ? telling : sections).reduce((best, section) => (section.weight > best.weight ? section : best), whole);
}

function finding(page) {
  const title = element("a", "finding__link", page.meta.title);
  title.href = page.url;
  const section = bestSection(page);
  const item = element("li", "finding", title, element("p", "finding__excerpt", ...section.parts));
  if (section.url.includes("#")) {
    // The glossary's headings are single letters, which say nothing as the name of a link.
    const name = section.title.length > 1 ? section.title : `Words that begin with ${section.title}`;
    const jump = element("a", "", name);
    jump.href = section.url;
    item.append(element("p", "finding__section", "Go to the part: ", jump));
  }
  return item;
}

function topicOf(url) {
  const topic = [...topics.keys()].find((start) => url.startsWith(start));
  return topic ? topics.get(topic) : "More on this site";
}

function groupFor(title) {
  const id = `found-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  const heading = document.getElementById(id);
  if (heading) return heading.parentElement.querySelector("ul");
  const list = element("ul", "findings");
  const made = element("h2", "", title);
  made.id = id;
  const group = element("section", "found", made, list);
  group.setAttribute("aria-labelledby", id);
  results.append(group);
  return list;
}

// Adds the next results to their groups. A group stands where its best page stands. Returns the first link added.
async function showMore(turn) {
  const pages = await Promise.all(found.slice(shown, shown + STEP).map((result) => result.data()));
  if (turn !== latest) return null;
  if (!shown) results.replaceChildren();
  let first = null;
  for (const page of pages) {
    const item = finding(page);
    groupFor(topicOf(page.url)).append(item);
    first ??= item.querySelector("a");
  }
  shown += pages.length;
  const left = found.length - shown;
  more.hidden = left <= 0;
  more.textContent = `Show ${Math.min(left, STEP)} more of ${left} pages`;
  return first;
}

const list = (words) => words.map((word) => `“${word}”`).join(" and ");

function say({ words, changed, unknown }, count, some) {
  const parts = [];
  const missing = [...changed.map(([from]) => from), ...unknown];
  const pages = count === 1 ? "1 page" : `${count} pages`;
  const here = `Here ${count === 1 ? "is" : "are"} ${pages}`;
  if (missing.length) parts.push(`No page has the word${missing.length > 1 ? "s" : ""} ${list(missing)}.`);
  if (!count) parts.push("Nothing found. Try one plain word, or choose a topic below.");
  else if (some) parts.push(`No page has all of these words. ${here} with some of them.`);
  else parts.push(`${missing.length ? here : pages} for “${words.join(" ")}”.`);
  status.textContent = parts.join(" ");
}

// Pages with all words, the best first; else those with most of them.
async function find(pagefind, words) {
  const { results: all } = await pagefind.search(words.join(" "));
  if (all.length || words.length < 2) return { pages: all, some: false };
  const merged = new Map();
  for (const { results: some } of await Promise.all(words.map((word) => pagefind.search(word)))) {
    for (const result of some) {
      const entry = merged.get(result.id) ?? { result, words: 0, score: 0 };
      merged.set(result.id, { result, words: entry.words + 1, score: entry.score + result.score });
    }
  }
  const most = Math.max(0, ...[...merged.values()].map((entry) => entry.words));
  const best = [...merged.values()].filter((entry) => entry.words === most).sort((a, b) => b.score - a.score);
  return { pages: best.map((entry) => entry.result), some: true };
}

function clear() {
  latest++;
  [found, shown] = [[], 0];
  results.replaceChildren();
  more.hidden = true;
  status.textContent = "";
}

async function search() {
  clearTimeout(timer);
  const asked = input.value.trim();
  history.replaceState({ q: asked }, "", location.pathname);
  crisis.hidden = !new RegExp(crisis.dataset.words, "i").test(asked);
  if (asked.length < 2) {
    clear();
    return false;
  }
  const turn = ++latest;
  try {
    const { pagefind, spelling } = await load();
    const mended = spelling.mend(asked);
    const answer = mended.words.length ? await find(pagefind, mended.words) : { pages: [], some: false };
    if (turn !== latest) return false;
    [found, shown] = [answer.pages, 0];
    await showMore(turn);
    if (turn !== latest) return false;
    if (!found.length) results.replaceChildren();
    say(mended, found.length, answer.some);
    return found.length > 0;
  } catch {
    if (turn !== latest) return false;
    clear();
    status.textContent = "The search could not be loaded. Please try again, or choose a topic below.";
    return false;
  }
}

input.addEventListener("input", () => {
  load().catch(() => {}); // search() says so when it fails again
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await search()) results.querySelector("a").focus();
});

more.addEventListener("click", async () => (await showMore(latest))?.focus());

// The arrow keys walk from the field through the results and back; Escape returns to the field.
document.addEventListener("keydown", (event) => {
  const links = [input, ...results.querySelectorAll(".finding__link")];
  const place = links.indexOf(document.activeElement);
  if (event.key === "Escape" && place > 0) input.focus();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || place < 0 || !links[place + step] || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  links[place + step].focus();
});

input.value ||= new URLSearchParams(location.search).get("q") ?? history.state?.q ?? "";
if (input.value) search();
