// Mistakes that stopped the last build, above the last good page.
import { count, editorLink, make } from './elements.js';

export class Overlay {
  /** `changed` is called whenever mistakes come or go. */
  constructor(changed) {
    this.changed = changed;
    this.mistakes = [];
    this.button = make('button', { type: 'button', className: 'mistakes-button', hidden: true, onclick: () => this.open() });
    this.spoken = make('p', { className: 'spoken', attributes: { role: 'alert' } });
    this.title = make('h2', { id: 'mistakes-title' });
    this.list = make('ol', { className: 'mistakes-list', attributes: { tabindex: '0', 'aria-labelledby': 'mistakes-title' } });
    this.sheet = make('section', { className: 'mistakes', hidden: true, attributes: { 'aria-labelledby': 'mistakes-title' } },
      make('header', {},
        make('div', {}, this.title, make('p', { className: 'soft' }, 'The last good page stays behind this until the source is mended.')),
        make('button', { type: 'button', onclick: () => this.hide() }, 'Hide', make('kbd', {}, 'Esc'))),
      this.list);
    this.element = make('div', {}, this.spoken, this.sheet);
  }

  show(mistakes) {
    if (JSON.stringify(mistakes) === JSON.stringify(this.mistakes)) return;
    this.mistakes = mistakes;
    const more = mistakes.at(-1)?.code === 'more-mistakes';
    const words = more ? `More than ${count(mistakes.length - 1, 'mistake')}` : count(mistakes.length, 'mistake');
    this.title.textContent = `${words} to mend`;
    this.button.textContent = words;
    this.list.replaceChildren(...mistakes.map(entry));
    this.spoken.textContent = mistakes.length ? `${words} to mend. ${mistakes[0].message}` : '';
    if (mistakes.length) this.open();
    else this.hide();
    this.changed();
  }

  open() {
    this.sheet.hidden = false;
    this.button.hidden = true;
  }

  /** Returns whether there was anything to hide. */
  hide() {
    const shown = !this.sheet.hidden;
    const inside = this.sheet.contains(this.sheet.getRootNode().activeElement);
    this.sheet.hidden = true;
    this.button.hidden = this.mistakes.length === 0;
    if (inside && !this.button.hidden) this.button.focus();
    return shown;
  }
}

function entry(mistake) {
  return make('li', {},
    make('p', { className: 'message' }, mistake.message),
    mistake.hint ? make('p', { className: 'hint' }, mistake.hint) : null,
    mistake.path ? make('p', { className: 'where' }, editorLink(mistake), ' ', make('code', {}, mistake.code)) : null,
    mistake.excerpt.length ? make('pre', { className: 'excerpt' }, mistake.excerpt.map(line)) : null);
}

function line({ number, text, mark }) {
  const shown = mark < 0 ? [text] : [text.slice(0, mark), make('mark', {}, text.slice(mark, mark + 1) || ' '), text.slice(mark + 1)];
  return make('span', { className: mark < 0 ? 'line' : 'line wrong' },
    make('span', { className: 'number', attributes: { 'aria-hidden': 'true' } }, String(number)),
    make('span', { className: 'text' }, ...shown));
}
