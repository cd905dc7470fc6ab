// What the preview adds to the screen. It stands beside <body>, in shadow trees of its own: the page's styles cannot reach it,
// its styles cannot reach the page, and replacing the page's content does not touch it.
import { make } from './elements.js';
import { Overlay } from './overlay.js';
import { Panel } from './panel.js';

const WORDS = { building: 'Building …', ready: 'Up to date', away: 'The preview is not running' };

export class Interface {
  constructor(banner) {
    this.banner = make('untangled-banner');
    this.top = shadow(this.banner);
    document.documentElement.insertBefore(this.banner, document.body);
    this.showBanner(banner);

    this.overlay = new Overlay(() => this.showCounts());
    this.panel = new Panel();
    this.status = make('span', { className: 'status', attributes: { 'data-status': 'away', title: WORDS.away } });
    this.words = make('span', { className: 'spoken', attributes: { role: 'status' } });
    this.bar = make('div', { className: 'bar' }, this.status, this.words, this.overlay.button, this.panel.button);
    const host = make('untangled-preview');
    shadow(host).append(this.bar, this.overlay.element, this.panel.element);
    document.documentElement.append(host);
    addEventListener('keydown', (event) => this.onKey(event));
  }

  showBanner(text) {
    const now = this.top.querySelector('.banner');
    if ((now?.textContent ?? '') === text) return;
    now?.remove();
    if (text) this.top.append(make('p', { className: 'banner', attributes: { role: 'note' } }, text));
  }

  showMistakes(mistakes) {
    this.overlay.show(mistakes);
  }

  showCounts() {
    this.status.classList.toggle('wrong', this.overlay.mistakes.length > 0);
  }

  showStatus(status) {
    if (this.status.dataset.status === status) return;
    this.status.dataset.status = status;
    this.status.title = WORDS[status];
    this.words.textContent = status === 'away' ? WORDS.away : '';
    if (status === 'ready') this.panel.refresh();
  }

  onKey(event) {
    if (event.key === 'Escape' && !event.defaultPrevented && (this.overlay.hide() || this.panel.hide())) event.preventDefault();
  }
}

/** A shadow tree with the preview's stylesheet; it is shown when that has come. */
function shadow(host) {
  const root = host.attachShadow({ mode: 'open' });
  host.hidden = true;
  const styles = make('link', { rel: 'stylesheet', href: '/__preview/preview.css' });
  styles.onload = () => { host.hidden = false; };
  root.append(styles);
  return root;
}
