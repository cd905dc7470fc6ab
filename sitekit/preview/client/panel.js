// The editor's panel: what can be known of this page. Closed at first, asked for only while open, kept nowhere.
import { count, editorLink, make } from './elements.js';

export class Panel {
  constructor() {
    this.button = make('button', {
      type: 'button', className: 'panel-button', onclick: () => (this.element.hidden ? this.open() : this.hide()),
      attributes: { 'aria-expanded': 'false', 'aria-controls': 'panel' },
    }, 'Editor’s panel');
    this.content = make('div', { className: 'panel-content', attributes: { 'aria-live': 'off' } });
    this.element = make('aside', { id: 'panel', className: 'panel', hidden: true, attributes: { 'aria-label': 'Editor’s panel', tabindex: '-1' } },
      this.content);
    this.asked = null;
  }

  open() {
    this.element.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    this.element.focus({ preventScroll: true });
    this.refresh();
  }

  /** Returns whether there was anything to hide. */
  hide() {
    if (this.element.hidden) return false;
    this.element.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
    this.button.focus();
    return true;
  }

  async refresh() {
    if (this.element.hidden) return;
    this.asked?.abort();
    this.asked = new AbortController();
    if (!this.content.childElementCount) this.content.append(make('p', { className: 'soft' }, 'Reading …'));
    try {
      const answer = await fetch(`/__preview/panel?${new URLSearchParams({ page: location.pathname })}`, { signal: this.asked.signal });
      this.render(await answer.json());
    } catch (error) {
      if (error.name !== 'AbortError') this.say('The preview does not answer.');
    }
  }

  say(text) {
    this.content.replaceChildren(make('p', { className: 'soft' }, text));
  }

  render(page) {
    if (page.failed) this.say(page.failed);
    else if (!page.built) this.say('The site has not been built yet.');
    else this.replace(page.source ? whole(page) : [heading(page), ...weight(page), make('p', { className: 'soft' }, 'This page has no source of its own.'), waiting(page)]);
  }

  /** New content with the groups open that were open before, at the same place. */
  replace(parts) {
    const open = new Set([...this.content.querySelectorAll('details[open]')].map((group) => group.dataset.group));
    const [top, focused] = [this.element.scrollTop, this.element.getRootNode().activeElement?.closest('details')?.dataset.group];
    this.content.replaceChildren(...parts.filter(Boolean));
    for (const group of this.content.querySelectorAll('details')) {
      if (open.has(group.dataset.group)) group.open = true;
      if (focused && group.dataset.group === focused) group.querySelector('summary').focus({ preventScroll: true });
    }
    this.element.scrollTop = top;
  }
}

function whole(page) {
  return [heading(page), figures(page), ...weight(page), dates(page), problems(page), sections(page), citations(page),
    ...links(page), hardest(page), waiting(page)];
}

function heading(page) {
  return make('header', {}, make('h2', {}, page.title ?? page.page), page.source ? make('p', {}, editorLink(page.source, page.source.path)) : null);
}

function figures({ readability }) {
  if (!readability) return null;
  const { goals } = readability;
  return make('dl', { className: 'figures' },
    figure('Grade', readability.grade, `goal ${goals.grade}`, rate(readability.grade, goals.grade, goals.grade_limit)),
    figure('Grade, raw', readability.raw_grade, 'drug names count in full'),
    figure('Mean sentence', readability.mean_sentence, `goal ${goals.mean_sentence} words`, rate(readability.mean_sentence, goals.mean_sentence)),
    figure('Words', readability.words.toLocaleString('en'), `longest sentence ${readability.longest_sentence}`));
}

function figure(name, value, note, rating = '') {
  return make('div', { className: `figure ${rating}` }, make('dt', {}, name), make('dd', {}, String(value)), make('dd', { className: 'soft' }, note));
}

function rate(value, goal, limit = goal) {
  if (value <= goal) return 'good';
  return value <= limit ? 'fair' : 'poor';
}

function weight({ weight: found }) {
  if (!found) return [make('p', { className: 'soft' }, 'The weight is not known: there is no such page, or no Brotli to measure with.')];
  const kb = (bytes) => (bytes / 1024).toFixed(1);
  return [make('div', { className: 'weight' },
    make('p', {}, make('strong', {}, `${kb(found.total)} KB`), ` of ${kb(found.budget)} KB`,
      make('span', { className: 'soft' }, ` HTML ${kb(found.html)}, CSS ${kb(found.css)}, Brotli${found.later ? `; then CSS ${kb(found.later)}` : ''}`)),
    make('meter', { min: 0, max: found.budget * 1.25, low: found.budget, high: found.budget * 1.1, optimum: 0, value: found.total, attributes: { 'aria-label': 'Weight against the budget' } }),
    found.total > found.budget ? make('p', { className: 'poor' }, `${kb(found.total - found.budget)} KB over the budget`) : null)];
}

function dates({ dates: found }) {
  const days = found.days_to_review;
  let review = 'No review date';
  if (days !== null) review = days < 0 ? `Review overdue by ${count(-days, 'day')}` : `Review in ${count(days, 'day')} (${found.next_review})`;
  return make('p', { className: days !== null && days < 0 ? 'dates poor' : 'dates' },
    review, make('span', { className: 'soft' }, `Published ${found.published || '—'}, changed ${found.modified || '—'}`));
}

function problems({ problems: found }) {
  const wrong = found.filter((problem) => problem.severity === 'error').length;
  const title = [wrong ? count(wrong, 'mistake') : '', found.length - wrong ? count(found.length - wrong, 'piece of advice', 'pieces of advice') : '']
    .filter(Boolean).join(', ') || 'No problems';
  return group('problems', title, wrong ? 'poor' : '', found.map((problem) => make('li', { className: problem.severity },
    make('p', {}, problem.message), problem.hint ? make('p', { className: 'soft' }, problem.hint) : null,
    make('p', { className: 'where' }, editorLink(problem, `Line ${problem.line}`), ' ', make('code', {}, problem.code)))));
}

function sections({ sections: found, type }) {
  if (!found.length) return null;
  const missing = found.filter((section) => !section.present).length;
  const title = missing ? `${count(missing, 'section or block', 'sections or blocks')} missing` : 'All sections present';
  return group('sections', `${title} (${type})`, missing ? 'poor' : '', found.map(({ name, present }) => make('li', { className: present ? 'present' : 'absent' },
    make('span', { className: 'sign', attributes: { 'aria-hidden': 'true' } }, present ? '✓' : '✗'), make('span', { className: 'spoken' }, present ? 'present: ' : 'missing: '), make('code', {}, name))));
}

function citations({ citations: found }) {
  return group('citations', found.length ? count(found.length, 'citation') : 'No citations', '', found.map((citation) => make('li', {},
    make('p', {}, make('span', { className: 'certainty', attributes: { 'data-certainty': citation.certainty || 'none' } }, citation.certainty || 'no label'), ' ', editorLink(citation, `Line ${citation.line}`)),
    citation.sources.map((source) => make('p', { className: 'soft' }, source.title ? `${source.title} (${source.year})` : `${source.key}: not in references.bib`)))));
}

function links({ links: found }) {
  const page = (link) => make('li', {}, make('a', { href: link.url }, link.title), link.draft ? ' (draft)' : '', link.editor ? [' ', editorLink(link, `Line ${link.line}`)] : []);
  return [
    group('in', found.in.length ? `${count(found.in.length, 'page')} link here` : 'No page links here', found.in.length ? '' : 'fair', found.in.map(page)),
    group('out', found.out.length ? `Links to ${count(found.out.length, 'page')}` : 'Links to no page', '', found.out.map(page)),
    group('outside', found.outside.length ? `Links to ${count(found.outside.length, 'place')} outside` : 'Links to no place outside', '', found.outside.map((link) => make('li', {}, link.url, ' ', editorLink(link, `Line ${link.line}`)))),
  ];
}

function waiting({ waiting: found }) {
  if (!found.length) return null;
  return group('waiting', `${count(found.length, 'page')} not public yet`, '', found.map((page) => make('li', {},
    make('a', { href: page.url }, page.title), page.published ? ` (from ${page.published})` : ' (draft)')));
}

function hardest({ readability }) {
  if (!readability?.hardest.length) return null;
  return group('hardest', 'Hardest sentences', '', readability.hardest.map((sentence) => make('li', {},
    make('p', {}, sentence.text), make('p', { className: 'soft' }, `Grade ${sentence.grade} `, editorLink(sentence, `Line ${sentence.line}`)))));
}

function group(name, title, rating, items) {
  if (!items.length) return make('p', { className: `empty ${rating}` }, title);
  return make('details', { className: rating, attributes: { 'data-group': name } }, make('summary', {}, title), make('ul', {}, items));
}
